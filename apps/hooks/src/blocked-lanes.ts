import { type Clock, type Timer, wants } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { LoggedEvent, ServerEventStore } from '@chasqui/ports';
import type { EndpointRecord } from './endpoint-record.ts';
import type { EventAttempts } from './event-attempts.ts';
import type { KeyLane } from './key-lane.ts';
import type { HooksSettings } from './settings.ts';

/** Events of one key that are read together. */
const MAX_READ = 50;
/** How long a lane waits after the store did not answer, in ms. */
const STORE_PAUSE_MS = 1_000;

export interface BlockedLanesOptions {
  attempts: EventAttempts;
  record: EndpointRecord;
  serverEvents: Pick<ServerEventStore, 'ofKey'>;
  clock: Clock;
  logger: Logger;
  settings: Pick<HooksSettings, 'atOnce'>;
  stopped: AbortSignal;
  /** A key is not blocked any more. */
  freed(): void;
}

/** Delivers keys that are blocked or slow: each by itself, when its time has come, some at a time. */
export class BlockedLanes {
  readonly #options: BlockedLanesOptions;
  readonly #running = new Set<Promise<void>>();
  #timer: Timer | undefined;

  constructor(options: BlockedLanesOptions) {
    this.#options = options;
  }

  get hasRoom(): boolean {
    return this.#running.size < this.#options.settings.atOnce;
  }

  /** Keeps a lane until all of its events up to `until` are over. `run`: it is being delivered. */
  keep(lane: KeyLane, run?: Promise<void>): void {
    this.#options.record.lanes.set(lane.key, lane);
    this.#options.record.changed();
    if (run !== undefined) this.#follow(run);
    this.schedule();
  }

  /** Lets the lanes whose time has come begin. */
  schedule(): void {
    const { record, clock, stopped } = this.#options;
    this.#timer?.cancel();
    if (stopped.aborted) return;
    const now = clock.now();
    const idle = [...record.lanes.values()].filter(({ isRunning }) => !isRunning);
    idle.sort((a, b) => a.nextAt - b.nextAt);
    for (const lane of idle) {
      if (lane.nextAt > now) {
        this.#timer = clock.after(lane.nextAt - now, () => this.schedule());
        return;
      }
      if (!this.hasRoom) return;
      this.#follow(this.deliver(lane, []));
    }
  }

  /** Lets all lanes begin as soon as there is room. */
  hurry(): void {
    for (const lane of this.#options.record.lanes.values()) lane.nextAt = 0;
    this.schedule();
  }

  /** Resolves when nothing is being delivered. */
  async idle(): Promise<void> {
    this.#timer?.cancel();
    await Promise.all(this.#running);
  }

  /** Delivers a lane from the events in hand on, until they are over or one must come again. Never rejects. */
  async deliver(lane: KeyLane, inHand: readonly LoggedEvent[]): Promise<void> {
    const { record, clock, logger, stopped } = this.#options;
    lane.isRunning = true;
    try {
      let isOver = await this.#each(lane, inHand);
      while (isOver && lane.after < lane.until) isOver = await this.#each(lane, await this.#read(lane));
      if (isOver) record.lanes.delete(lane.key);
      else record.lanes.set(lane.key, lane);
    } catch (error) {
      if (!stopped.aborted) logger.warn({ err: error, key: lane.key }, 'events of a webhook wait for the store');
      lane.nextAt = clock.now() + STORE_PAUSE_MS;
      record.lanes.set(lane.key, lane);
    } finally {
      lane.isRunning = false;
      record.changed();
    }
  }

  async #each(lane: KeyLane, events: readonly LoggedEvent[]): Promise<boolean> {
    const { attempts } = this.#options;
    for (const logged of events) {
      if (wants(attempts.endpoint, logged.event) && !(await attempts.attempt(lane, logged))) return false;
      lane.after = logged.position;
      lane.attempts = 0;
    }
    return true;
  }

  async #read(lane: KeyLane): Promise<LoggedEvent[]> {
    const { record, serverEvents } = this.#options;
    const { key, after, until } = lane;
    const events = await serverEvents.ofKey(key, { after, until, limit: MAX_READ });
    if (events.length === 0) {
      // They left the log before their time. More of them may have come meanwhile, above `until`.
      record.lost++;
      lane.after = until;
    }
    return events;
  }

  #follow(run: Promise<void>): void {
    const followed = run.finally(() => {
      this.#running.delete(followed);
      this.schedule();
      this.#options.freed();
    });
    this.#running.add(followed);
  }
}
