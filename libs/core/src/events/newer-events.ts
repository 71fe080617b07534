import { type Clock, ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MessageBus } from '@chasqui/ports';
import { joinEvents } from './bus-body.ts';
import type { EventRules } from './event-rules.ts';
import { poisonEventBody } from './poison-event.ts';

/** The delay of a newer event is a quarter of the time since its publish, within these bounds, in ms. */
const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** How long a newer event is kept, in ms. */
export const KEPT_MS = 7 * 24 * 3600 * 1000;
/**
 * If an event has not come back this long after its delay, another process has taken it, in ms. Retries are at most 10
 * s apart.
 */
const HELD_FOR_MS = 15_000;

/** An event of a newer version. */
export interface NewerEvent {
  /** The JSON text, including fields unknown to this version. */
  text: string;
  /** Unix ms of the first publish, and whether the text contains it. */
  since: number;
  saysSince: boolean;
}

export interface NewerEventsOptions {
  topic: string;
  bus: Pick<MessageBus, 'publish'>;
  clock: Clock;
  logger: Logger;
  rules: Pick<EventRules<unknown>, 'holdMs'>;
}

/** Leaves events of a newer version to processes of that version (docs/adr/0030-events-of-newer-versions.md). */
export class NewerEvents {
  readonly #options: NewerEventsOptions;
  /** By shard, in Unix ms: since when its oldest newer event waits, and until when it is assumed to wait. */
  readonly #shards = new Map<number, { since: number; until: number }>();

  constructor(options: NewerEventsOptions) {
    this.#options = options;
  }

  /** Errors: `internal` while a newer event holds its shard: nothing of the batch may be handled then. */
  hold(shard: number, newer: readonly NewerEvent[]): void {
    const { clock, rules } = this.#options;
    const now = clock.now();
    if (!newer.some(({ since }) => now - since < (rules.holdMs ?? 0))) return;
    this.#note(shard, newer, now + HELD_FOR_MS);
    throw new ImError('internal', 'an event of a newer version waits for a process of that version');
  }

  /**
   * Publishes the newer events of one bus message again, as one. Errors: those of `MessageBus.publish`; the events may
   * then be put back twice.
   */
  async putBack(shard: number, newer: readonly NewerEvent[]): Promise<void> {
    const { bus, topic, clock, logger } = this.#options;
    const now = clock.now();
    const { kept = [], over = [] } = Object.groupBy(newer, ({ since }) => (now - since < KEPT_MS ? 'kept' : 'over'));
    for (const { text } of over) {
      const reason = 'of a newer version than any process had for 7 days';
      logger.error({ topic, shard }, `an event is ${reason}: it goes to the dead letters`);
      await bus.publish({ topic, shard, body: poisonEventBody(reason, text) });
    }
    if (kept.length === 0) return;
    const waitedMs = now - Math.max(...kept.map(({ since }) => since));
    const delayMs = Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, waitedMs / 4));
    await bus.publish({ topic, shard, body: joinEvents(kept.map(textOf)), delayMs });
    this.#note(shard, kept, now + delayMs + HELD_FOR_MS);
    logger.warn({ topic, shard, events: kept.length, delayMs }, 'events wait for a newer version');
  }

  /** Shards on which newer events wait, as far as this process knows, and since when (Unix ms). */
  waiting(): { shard: number; since: number }[] {
    const now = this.#options.clock.now();
    for (const [shard, { until }] of this.#shards) if (now >= until) this.#shards.delete(shard);
    return [...this.#shards].map(([shard, { since }]) => ({ shard, since }));
  }

  #note(shard: number, newer: readonly NewerEvent[], until: number): void {
    const known = this.#shards.get(shard) ?? { since: until, until };
    const since = Math.min(known.since, ...newer.map((one) => one.since));
    this.#shards.set(shard, { since, until: Math.max(known.until, until) });
  }
}

/** Adds the time of the first publish in front. The text must be of an object with at least one field. */
function textOf({ text, since, saysSince }: NewerEvent): string {
  return saysSince ? text : `{"firstPublishedAt":${since},${text.slice(1)}`;
}
