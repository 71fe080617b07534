import type { Clock, EventEnvelope } from '@chasqui/domain';
import { type Logger, RecentMap } from '@chasqui/kit';
import type { MessageBus } from '@chasqui/ports';
import { joinEvents } from './bus-body.ts';
import { poisonEventBody } from './poison-event.ts';

/** A newer event comes back after a quarter of the time that it has waited, within these bounds, ms. */
const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** What waits behind it comes back so long after it, ms. */
const BEHIND_MS = 100;
/** How long the events of its conversation wait behind it at most, ms: about as long as an upgrade of the consumers takes. */
export const FOLLOW_MS = 120_000;
/** How long it waits itself, ms. */
export const KEPT_MS = 7 * 24 * 3600 * 1000;
/** What is overdue by so long was taken by another process, ms. */
const TAKEN_MS = 10_000;
/** Conversations in which a newer event is known to wait (C16). */
const MAX_HELD = 10_000;

/** An event that is put back. */
export interface LeftEvent {
  event: EventEnvelope;
  /** Its JSON text, with the fields that this version does not know. */
  text: string;
  /** False: it waits behind a newer one. */
  isNewer: boolean;
}

/** When a wait began, and when its event comes back next, Unix ms. */
interface Wait {
  since: number;
  due: number;
}

export interface NewerEventsOptions {
  topic: string;
  bus: Pick<MessageBus, 'publish'>;
  clock: Clock;
  logger: Logger;
  /** See `EventRules.orderOf`. */
  orderOf?(event: object): string | undefined;
}

/**
 * Puts back what a newer version wrote, until a process of that version takes it (docs/adr/0030-events-of-newer-versions.md).
 * For `FOLLOW_MS` the later events of its conversation wait behind it, so that they keep their order if such a process comes
 * soon; then they go on without it. What is remembered here ends with the process, and begins again with the event's next return.
 */
export class NewerEvents {
  readonly #options: NewerEventsOptions;
  readonly #held = new RecentMap<string, Wait>(MAX_HELD);
  readonly #shards = new Map<number, Wait>();

  constructor(options: NewerEventsOptions) {
    this.#options = options;
  }

  /** Whether it came after a newer event that waits. */
  isBehind(event: object): boolean {
    const wait = this.#waitBefore(event);
    return wait !== undefined && this.#options.clock.now() < wait.since + FOLLOW_MS;
  }

  /** From here on the events of this newer event's conversation are behind it. */
  hold(event: EventEnvelope, due = this.#options.clock.now()): void {
    const key = this.#options.orderOf?.(event);
    if (key !== undefined) this.#held.set(key, this.#longer(this.#held.get(key), event, due));
  }

  /**
   * Publishes what was left of a shard's batch, in order: a list for each bus message, which stays one. What has waited for
   * `KEPT_MS` goes to the dead letters. Errors: as `MessageBus.publish`; all of it may then be put back again.
   */
  async putBack(shard: number, left: readonly (readonly LeftEvent[])[]): Promise<void> {
    const { bus, topic, clock, logger } = this.#options;
    const now = clock.now();
    const isOver = ({ event, isNewer }: LeftEvent) => isNewer && now - (event.waitsSince ?? now) >= KEPT_MS;
    for (const { text } of left.flat().filter(isOver)) {
      const reason = 'of a newer version than any process had for 7 days';
      logger.error({ topic, shard }, `an event is ${reason}: it goes to the dead letters`);
      await bus.publish({ topic, shard, body: poisonEventBody(reason, text) });
    }
    const kept = left.map((events) => events.filter((one) => !isOver(one))).filter((events) => events.length > 0);
    const delayMs = this.#delayMs(kept.flat(), now);
    for (const events of kept) {
      await bus.publish({ topic, shard, body: joinEvents(events.map((one) => textOf(one, now))), delayMs });
    }
    const newer = kept.flat().filter(({ isNewer }) => isNewer);
    for (const { event } of newer) {
      this.hold(event, now + delayMs);
      this.#shards.set(shard, this.#longer(this.#shards.get(shard), event, now + delayMs));
    }
    if (newer.length > 0)
      logger.warn({ topic, shard, events: newer.length, delayMs }, 'events wait for a newer version');
  }

  /** Shards on which newer events wait as far as this process knows, and since when, Unix ms. */
  waiting(): { shard: number; since: number }[] {
    for (const [shard, wait] of this.#shards) if (this.#isTaken(wait)) this.#shards.delete(shard);
    return [...this.#shards].map(([shard, { since }]) => ({ shard, since }));
  }

  #waitBefore(event: object): Wait | undefined {
    if (this.#held.size === 0) return undefined;
    const key = this.#options.orderOf?.(event);
    const wait = key === undefined ? undefined : this.#held.get(key);
    return wait === undefined || this.#isTaken(wait) ? undefined : wait;
  }

  #isTaken({ due }: Wait): boolean {
    return this.#options.clock.now() >= due + TAKEN_MS;
  }

  #longer(
    known: Wait | undefined,
    { waitsSince: since = this.#options.clock.now() }: EventEnvelope,
    due: number,
  ): Wait {
    if (known === undefined || this.#isTaken(known)) return { since, due };
    return { since: Math.min(since, known.since), due: Math.max(due, known.due) };
  }

  /** One delay for what comes together: of its newer events the shortest, but not before what any of it waits behind. */
  #delayMs(left: readonly LeftEvent[], now: number): number {
    let own = Number.POSITIVE_INFINITY;
    let behind = BEHIND_MS;
    for (const { event, isNewer } of left) {
      const waitedMs = now - (event.waitsSince ?? now);
      if (isNewer) own = Math.min(own, Math.max(MIN_DELAY_MS, Math.min(MAX_DELAY_MS, waitedMs / 4)));
      else behind = Math.max(behind, (this.#waitBefore(event)?.due ?? now) - now + BEHIND_MS);
    }
    return Number.isFinite(own) ? Math.max(own, behind) : behind;
  }
}

/** With the begin of its wait in front, if it does not say it yet. The text is that of an object with a field. */
function textOf({ event, text }: LeftEvent, now: number): string {
  return event.waitsSince === undefined ? `{"waitsSince":${now},${text.slice(1)}` : text;
}
