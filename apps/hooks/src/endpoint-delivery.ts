import { type Clock, type Random, type WebhookEndpoint, type WebhookProgress, wants } from '@chasqui/domain';
import { inParallel, type Logger, sleep } from '@chasqui/kit';
import type { LoggedEvent, ServerEventStore } from '@chasqui/ports';
import { BlockedLanes } from './blocked-lanes.ts';
import { EndpointRecord } from './endpoint-record.ts';
import { EventAttempts } from './event-attempts.ts';
import type { HooksMetrics } from './hooks-metrics.ts';
import { KeyLane } from './key-lane.ts';
import type { HooksSettings } from './settings.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface EndpointDeliveryOptions {
  endpoint: WebhookEndpoint;
  progress: WebhookProgress;
  serverEvents: Pick<ServerEventStore, 'page' | 'ofKey'>;
  sender: WebhookSender;
  clock: Clock;
  random: Random;
  logger: Logger;
  metrics: HooksMetrics;
  settings: HooksSettings;
  /** The receiver answered that it wants no more. */
  gone(): void;
}

/**
 * Delivers the events of the log to one endpoint. The log is read page by page; the keys of a page are delivered in
 * parallel, the events of a key in order. A key whose event fails is *blocked*: it leaves the page, waits and is tried
 * alone, and the cursor moves on without it. So is a key that is slow. At `maxBlockedKeys` the cursor waits.
 */
export class EndpointDelivery implements AsyncDisposable {
  readonly record: EndpointRecord;
  readonly #options: EndpointDeliveryOptions;
  readonly #attempts: EventAttempts;
  readonly #lanes: BlockedLanes;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #wake: (() => void) | undefined;
  #isWoken = false;

  constructor(options: EndpointDeliveryOptions) {
    const { endpoint, progress } = options;
    const stopped = this.#stop.signal;
    this.#options = options;
    this.record = new EndpointRecord(progress, KeyLane.from);
    const parts = { ...options, record: this.record, stopped };
    this.#attempts = new EventAttempts(endpoint, { ...parts, recovered: () => this.#lanes.hurry() });
    this.#lanes = new BlockedLanes({ ...parts, attempts: this.#attempts, freed: () => this.wake() });
    this.#running = this.#run();
    this.#lanes.schedule();
  }

  get endpoint(): WebhookEndpoint {
    return this.#attempts.endpoint;
  }

  /** The endpoint was changed. */
  set endpoint(endpoint: WebhookEndpoint) {
    this.#attempts.endpoint = endpoint;
  }

  /** There may be something to do. */
  wake(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  /** See `EventAttempts.again`. */
  again(logged: LoggedEvent): Promise<string | undefined> {
    return this.#attempts.again(logged);
  }

  /** Requests that are under way are ended: it is unknown whether they were taken, so they are made again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.wake();
    await this.#running;
    await this.#lanes.idle();
  }

  async #run(): Promise<void> {
    const { logger, endpoint } = this.#options;
    while (!this.#stop.signal.aborted) {
      this.#isWoken = false;
      const hasMoved = await this.#deliverPage().catch((error: unknown) => {
        const { endpointId } = endpoint;
        if (!this.#stop.signal.aborted) logger.warn({ err: error, endpointId }, 'a webhook waits for the store');
        return false;
      });
      if (!hasMoved && !this.#isWoken) await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    const { clock, settings } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = clock.after(settings.pollMs, resolve);
    await promise;
    timer.cancel();
    this.#wake = undefined;
  }

  /** False: there was nothing to do. */
  async #deliverPage(): Promise<boolean> {
    const { serverEvents, settings } = this.#options;
    const { record } = this;
    if (record.lanes.size >= settings.maxBlockedKeys) return false;
    const { events, floor } = await serverEvents.page(record.cursor, settings.maxPage);
    if (this.#stop.signal.aborted) return false;
    this.#noteLost((events[0]?.position ?? floor + 1) - 1);
    const last = events.at(-1);
    if (last === undefined) return false;
    const wanted = events.filter(({ event }) => wants(this.endpoint, event));
    const fresh: LoggedEvent[][] = [];
    for (const [key, own] of Map.groupBy(wanted, ({ event }) => event.key)) {
      const lane = record.lanes.get(key);
      if (lane === undefined) fresh.push(own);
      // Its lane goes on to here by itself, even if it had just come to its end.
      else lane.until = Math.max(lane.until, own.at(-1)?.position ?? 0);
    }
    await inParallel(fresh, settings.atOnce, (own) => this.#deliverKey(own));
    if (this.#stop.signal.aborted) return false;
    record.cursor = last.position;
    record.changed();
    return true;
  }

  async #deliverKey(own: readonly LoggedEvent[]): Promise<void> {
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined || this.#stop.signal.aborted) return;
    const lane = new KeyLane(first.event.key, first.position - 1, last.position);
    const run = this.#lanes.deliver(lane, own);
    const isOver = await this.#withinPatience(run);
    if (!isOver) this.#lanes.keep(lane, run);
    else if (this.record.lanes.has(lane.key)) this.#lanes.keep(lane);
  }

  /** Slow keys go on beside the page, but not more of them than blocked ones may. */
  async #withinPatience(run: Promise<void>): Promise<boolean> {
    const { clock, settings } = this.#options;
    const over = run.then(() => true);
    for (;;) {
      const patience = new AbortController();
      const waited = sleep(clock, settings.patienceMs, patience.signal).then(
        () => false,
        () => true,
      );
      const isOver = await Promise.race([over, waited]);
      patience.abort();
      if (isOver || this.#lanes.hasRoom) return isOver;
    }
  }

  /** Events up to `position` left the log before they were looked at. */
  #noteLost(position: number): void {
    const { logger, metrics, endpoint } = this.#options;
    const count = position - this.record.cursor;
    if (count <= 0) return;
    const { endpointId } = endpoint;
    logger.error({ endpointId, count }, 'events left the log before a webhook endpoint could be told of them');
    metrics.lost(count);
    this.record.lost += count;
    this.record.cursor = position;
    this.record.changed();
  }
}
