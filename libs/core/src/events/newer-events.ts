import { type Clock, ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MessageBus } from '@chasqui/ports';
import { joinEvents } from './bus-body.ts';
import type { EventRules } from './event-rules.ts';
import { poisonEventBody } from './poison-event.ts';

/** A newer event comes back after a quarter of the time since it was published, within these bounds, ms. */
const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** How long it waits, ms. */
export const KEPT_MS = 7 * 24 * 3600 * 1000;
/** What did not come back by so long after it should was taken by another process, ms. Between two tries are 10 s at most. */
const HELD_FOR_MS = 15_000;

/** An event of a newer version. */
export interface NewerEvent {
  /** Its JSON text, with the fields that this version does not know. */
  text: string;
  /** Unix ms of its first publish, and whether its text says so. */
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

/** Leaves what a newer version wrote to processes of that version (docs/adr/0030-events-of-newer-versions.md). */
export class NewerEvents {
  readonly #options: NewerEventsOptions;
  /** Since when a shard's oldest event waits, and until when it is thought to, Unix ms. */
  readonly #shards = new Map<number, { since: number; until: number }>();

  constructor(options: NewerEventsOptions) {
    this.#options = options;
  }

  /** Errors: `internal` while one of a shard's newer events holds its shard: nothing of the batch may be handled then. */
  hold(shard: number, newer: readonly NewerEvent[]): void {
    const { clock, rules } = this.#options;
    const now = clock.now();
    if (!newer.some(({ since }) => now - since < (rules.holdMs ?? 0))) return;
    this.#note(shard, newer, now + HELD_FOR_MS);
    throw new ImError('internal', 'an event of a newer version waits for a process of that version');
  }

  /** Publishes the newer events of one bus message again, as one. Errors: as `MessageBus.publish`; they may then be put back twice. */
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

  /** Shards on which newer events wait as far as this process knows, and since when, Unix ms. */
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

/** With the time of its first publish in front. The text is that of an object with a field. */
function textOf({ text, since, saysSince }: NewerEvent): string {
  return saysSince ? text : `{"firstPublishedAt":${since},${text.slice(1)}`;
}
