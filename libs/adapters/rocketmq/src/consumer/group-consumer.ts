import type { Clock, ImError, Random } from '@chasqui/domain';
import { backoffMs, type Logger, sleep } from '@chasqui/kit';
import type { BusConsumer } from '@chasqui/ports';
import type { BusProxy } from '../proxy/bus-proxy.ts';
import type { Receipt, Received, Subscription } from '../proxy/exchange.ts';
import { type Held, Lane } from './lane.ts';
import { ConsumerSession } from './session.ts';
import { DeliveryTrust } from './trust.ts';

export interface GroupConsumerOptions {
  proxy: BusProxy;
  clock: Clock;
  random: Random;
  logger: Logger;
  subscription: Subscription;
  /** Queues handled in parallel; undefined: all. */
  concurrency: number | undefined;
  maxBatch: number;
  callDeadlineMs: number;
  /**
   * Makes sure that the broker knows the group's position. Returns when the broker started: Unix ms by its clock.
   * Errors: `bus_unavailable`.
   */
  meetBroker(): Promise<number>;
  /** A batch is of one queue, in order. See `ConsumeOptions.handle` for how it may fail. */
  handle(batch: readonly Held[]): Promise<void>;
  bury(held: Held, error: ImError): Promise<void>;
}

/** The shortest that proxies accept; a member that is silent for this long loses the messages it holds. */
const HOLD_MS = 10_000;
/** The shortest that proxies accept. An abandoned poll can still take messages until its end, for up to a second. */
const POLL_MS = 5_000;
/** The most that proxies return at a time. */
const MAX_RECEIVED = 32;
const RECONNECT_BACKOFF = { initialMs: 200, maxMs: 2_000 };
const GOODBYE_MS = 1_000;

/** One member of a consumer group: receives, and passes each queue's messages to its lane. */
export class GroupConsumer implements BusConsumer {
  readonly #options: GroupConsumerOptions;
  readonly #lanes = new Map<number, Lane>();
  readonly #trust = new DeliveryTrust(HOLD_MS);
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #session: ConsumerSession | undefined;
  /** Aborts the pending receive. */
  #interruption = new AbortController();
  #laneFreed: (() => void) | undefined;
  #stopped: Promise<void> | undefined;
  #attempts = 0;

  constructor(options: GroupConsumerOptions) {
    this.#options = options;
    this.#loop = this.#receiveAll();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { proxy, subscription } = this.#options;
    this.#stopping.abort();
    this.#interruption.abort();
    this.#laneFreed?.();
    await this.#loop;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.retire()));
    if (this.#session !== undefined) await proxy.sayGoodbye(subscription, GOODBYE_MS).catch(() => {});
    this.#session?.[Symbol.dispose]();
  }

  async #receiveAll(): Promise<void> {
    const { clock, random, logger, subscription } = this.#options;
    const { signal } = this.#stopping;
    let failures = 0;
    let attemptId = this.#attemptId();
    while (!signal.aborted) {
      try {
        await this.#joined();
        await this.#freeHand();
        if (signal.aborted) return;
        const receipt = await this.#receive(attemptId);
        if (failures > 0) logger.info({ group: subscription.group }, 'the bus is available again');
        failures = 0;
        attemptId = this.#attemptId();
        this.#distribute(receipt);
      } catch (error) {
        if (signal.aborted) return;
        if (failures === 0)
          logger.warn({ err: error, group: subscription.group }, 'cannot receive from the bus: retrying');
        this.#leave();
        await sleep(clock, backoffMs(failures++, RECONNECT_BACKOFF, random), signal).catch(() => {});
      }
    }
  }

  /** Makes sure that the proxy knows us. */
  async #joined(): Promise<void> {
    if (this.#session !== undefined) return;
    const { proxy, clock, subscription, meetBroker } = this.#options;
    const lost = (): void => this.#interruption.abort();
    this.#trust.brokerStartedAt(await meetBroker());
    this.#session = await ConsumerSession.open({ proxy, clock, subscription, pollMs: POLL_MS, lost });
  }

  #leave(): void {
    this.#session?.[Symbol.dispose]();
    this.#session = undefined;
  }

  async #receive(attemptId: string): Promise<Receipt> {
    const { proxy, subscription, concurrency } = this.#options;
    this.#interruption = new AbortController();
    if (this.#stopping.signal.aborted) this.#interruption.abort();
    return proxy.receive(subscription, {
      // Each message of one answer may be of another queue, and none can be refused.
      batchSize: concurrency === undefined ? MAX_RECEIVED : 1,
      invisibleMs: HOLD_MS,
      pollMs: POLL_MS,
      attemptId,
      signal: this.#interruption.signal,
    });
  }

  async #freeHand(): Promise<void> {
    const { concurrency = Number.POSITIVE_INFINITY } = this.#options;
    const busy = () => [...this.#lanes.values()].filter((lane) => lane.isBusy).length;
    while (busy() >= concurrency && !this.#stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#laneFreed = resolve;
      });
    }
  }

  #distribute(receipt: Receipt): void {
    const byQueue = Map.groupBy(this.#trust.judge(receipt), ({ received }) => received.queueId);
    for (const [queueId, held] of byQueue) this.#lane(queueId).take(held.sort(byOffset));
  }

  #lane(queueId: number): Lane {
    let lane = this.#lanes.get(queueId);
    if (lane === undefined) {
      const { clock, random, maxBatch, handle, bury, proxy, subscription, callDeadlineMs } = this.#options;
      lane = new Lane({
        clock,
        random,
        maxBatch,
        holdMs: HOLD_MS,
        work: {
          handle,
          bury,
          ack: (messages: readonly Received[]) => proxy.ack(subscription, messages, callDeadlineMs),
          hold: (message: Received, ms: number) => proxy.hold(subscription, message, ms, callDeadlineMs),
          idle: () => this.#laneFreed?.(),
        },
      });
      this.#lanes.set(queueId, lane);
    }
    return lane;
  }

  #attemptId(): string {
    return `${this.#options.subscription.clientId}-${++this.#attempts}`;
  }
}

const byOffset = (one: Held, other: Held): number => one.received.queueOffset - other.received.queueOffset;
