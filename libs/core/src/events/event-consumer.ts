import { isPermanent, permanentReason } from '@chasqui/domain';
import type { BusDelivery } from '@chasqui/ports';
import { joinEvents } from './bus-body.ts';
import { type BusEvent, encodeEvent } from './event-codec.ts';
import type { EventConsumerOptions, ReceivedEvent } from './event-consumer-options.ts';
import { EventSorter } from './event-sorter.ts';
import { NewerEvents } from './newer-events.ts';
import { poisonEventBody } from './poison-event.ts';
import { ShardProgress } from './shard-progress.ts';

/** Shards that do not make progress as they should, as sentences for operators. */
export interface ShardTroubles {
  /** Shards with work in this process but no progress. */
  stalled: string[];
  /** Shards with events that wait for a process of a newer version. */
  newer: string[];
}

/**
 * Handles a topic's events so that no event holds its shard. A batch that fails permanently is split until the failing
 * event is isolated. That event is published as a bus message of its own, which then goes to the dead letters alone;
 * the other events are handled in order. Events of a newer version are left to processes of that version. Any other
 * error fails the whole batch: the bus redelivers it without limit, and `troubles` names the shard meanwhile.
 */
export class EventConsumer<Event> {
  readonly #options: EventConsumerOptions<Event>;
  readonly #progress: ShardProgress;
  readonly #newer: NewerEvents;
  readonly #sorter: EventSorter<Event>;

  constructor(options: EventConsumerOptions<Event>) {
    this.#options = options;
    this.#newer = new NewerEvents(options);
    this.#sorter = new EventSorter(options);
    this.#progress = new ShardProgress(options.clock);
  }

  troubles(): ShardTroubles {
    const { topic, clock } = this.#options;
    const seconds = (ms: number) => `${Math.max(0, Math.floor(ms / 1000))} s`;
    return {
      stalled: this.#progress
        .stalled()
        .map(({ shard, forMs }) => `shard ${shard} of ${topic} has not moved for ${seconds(forMs)}`),
      newer: this.#newer
        .waiting()
        .map(
          ({ shard, since }) =>
            `shard ${shard} of ${topic} has had events of a newer version for ${seconds(clock.now() - since)}`,
        ),
    };
  }

  /**
   * For `ConsumeOptions.handle`. Errors: retry `never` for a bus message that belongs to the dead letters; after any
   * other error the batch is redelivered.
   */
  async handle(batch: readonly BusDelivery[]): Promise<void> {
    const { logger, topic } = this.#options;
    const shard = batch[0]?.shard ?? 0;
    this.#progress.begin(shard);
    try {
      const { sound, newer, malformed } = await this.#sorter.sort(batch, this.#progress.failures(shard));
      this.#newer.hold(shard, newer.flat());
      await this.#run(sound, shard);
      // Published last: if an earlier step fails, the batch is repeated, and these would be published twice.
      for (const text of malformed) await this.#options.bus.publish({ topic, shard, body: joinEvents([text]) });
      for (const events of newer) await this.#newer.putBack(shard, events);
      this.#progress.done(shard);
    } catch (error) {
      this.#progress.failed(shard);
      const fields = { err: error, topic, shard, messages: batch.length };
      if (isPermanent(error)) logger.error(fields, 'a batch failed permanently: isolating the event');
      else logger.warn(fields, 'a batch of events failed: retrying');
      throw error;
    }
  }

  async #run(events: readonly ReceivedEvent<Event>[], shard: number): Promise<void> {
    if (events.length === 0) return;
    try {
      await this.#options.handle(events);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      await this.#split(events, shard, error);
      return;
    }
    this.#progress.moved(shard);
  }

  /**
   * Splits in halves, because failing events are few. A failed batch may have been handled in part, so all of it counts
   * as redelivered.
   */
  async #split(events: readonly ReceivedEvent<Event>[], shard: number, error: unknown): Promise<void> {
    const [first] = events as [ReceivedEvent<Event>];
    const parts = events.length > 1 ? events : this.#divided(first);
    if (parts.length === 1) return this.#setApart(first, shard, error);
    const middle = parts.length >> 1;
    for (const half of [parts.slice(0, middle), parts.slice(middle)]) {
      await this.#run(
        half.map((one) => ({ ...one, redelivered: true })),
        shard,
      );
    }
  }

  #divided(received: ReceivedEvent<Event>): ReceivedEvent<Event>[] {
    const parts = this.#options.divide?.(received.event) ?? [];
    if (parts.length <= 1) return [received];
    return parts.map((event) => ({ ...received, event, text: () => encodeEvent(event as BusEvent) }));
  }

  async #setApart({ text }: ReceivedEvent<Event>, shard: number, error: unknown): Promise<void> {
    const { bus, topic, logger } = this.#options;
    const reason = permanentReason(error);
    logger.error({ err: error, topic, shard, reason }, 'an event can never be handled: it becomes a dead letter');
    await bus.publish({ topic, shard, body: poisonEventBody(reason, text()) });
    this.#progress.moved(shard);
  }
}
