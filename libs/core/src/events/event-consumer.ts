import { type Clock, ImError, isPermanent, permanentReason } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';
import type { BusDelivery, MessageBus } from '@chasqui/ports';
import { joinEvents, type RawEvent, readEvents } from './bus-body.ts';
import { type BusEvent, encodeEvent } from './event-codec.ts';
import type { EventRules, EventVerdict } from './event-rules.ts';
import { isPoisonEvent, poisonEventBody } from './poison-event.ts';
import { ShardProgress } from './shard-progress.ts';

/** An event that has the form of one, in its place on the bus. */
export interface ReceivedEvent<Event> {
  event: Event;
  /** Something of it may have been done before. */
  redelivered: boolean;
  /** How often it was handled in vain before, at least. */
  retries: number;
  /** Unix ms of its publish. */
  publishedAt: number;
  /** Its JSON text; made only when it is asked for. */
  text(): string;
}

export interface EventConsumerOptions<Event> {
  topic: string;
  bus: Pick<MessageBus, 'publish'>;
  clock: Clock;
  logger: Logger;
  /** Which values are events that `handle` can take. */
  rules: EventRules<Event>;
  /** Events of one shard, in order. Idempotent. A permanent error (see `isPermanent`) means that one of them can never be handled. */
  handle(events: readonly ReceivedEvent<Event>[]): Promise<void>;
  /** Tells whoever waits for an event that it can never be handled. Called before it is a dead letter, and maybe again. */
  givenUp?(event: Event, reason: string): Promise<void>;
  /** An event that is many in one: those, each of which may be the culprit. */
  divide?(event: Event): Event[];
  /** Bus messages decoded in one turn of the event loop. Default: all. */
  decodedAtOnce?: number;
}

/**
 * Handles a topic's events so that no event holds its shard. A batch that fails by an error which repetition cannot mend is
 * split until the culprit is found; that one is set apart as a bus message of its own, which then goes to the dead letters
 * alone, and the rest goes on in order. Any other error is the whole batch's: the bus delivers it again, for ever, and
 * `stalled` names the shard meanwhile.
 */
export class EventConsumer<Event> {
  readonly #options: EventConsumerOptions<Event>;
  readonly #progress: ShardProgress;

  constructor(options: EventConsumerOptions<Event>) {
    this.#options = options;
    this.#progress = new ShardProgress(options.clock);
  }

  /** Shards that have work here and do not move, in words for whoever operates it. */
  stalled(): string[] {
    const { topic } = this.#options;
    return this.#progress
      .stalled()
      .map(({ shard, forMs }) => `shard ${shard} of ${topic} has not moved for ${Math.floor(forMs / 1000)} s`);
  }

  /**
   * For `ConsumeOptions.handle`. Errors: one whose retry is `never` for a bus message that belongs with the dead letters;
   * anything else comes again.
   */
  async handle(batch: readonly BusDelivery[]): Promise<void> {
    const shard = batch[0]?.shard ?? 0;
    this.#progress.begin(shard);
    try {
      await this.#run(await this.#wellFormed(batch), shard);
      this.#progress.done(shard);
    } catch (error) {
      this.#progress.failed(shard);
      const { logger, topic } = this.#options;
      const fields = { err: error, topic, shard, messages: batch.length };
      if (isPermanent(error)) logger.error(fields, 'a bus message is set aside, or looked for among its neighbours');
      else logger.warn(fields, 'a batch of events could not be handled yet');
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

  /** In halves, as the culprits are few. What failed together may have been done in part: all of it counts as redelivered. */
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
    logger.error({ err: error, topic, shard, reason }, 'an event can never be handled: it goes to the dead letters');
    await bus.publish({ topic, shard, body: poisonEventBody(reason, text()) });
    this.#progress.moved(shard);
  }

  /** The events of a batch, in order. What has not the form of one is set apart as it is. */
  async #wellFormed(batch: readonly BusDelivery[]): Promise<ReceivedEvent<Event>[]> {
    const { clock, bus, rules, decodedAtOnce = Number.POSITIVE_INFINITY } = this.#options;
    const sound: ReceivedEvent<Event>[] = [];
    const apart: (RawEvent & { delivery: BusDelivery })[] = [];
    for (const [at, delivery] of batch.entries()) {
      if (at > 0 && at % decodedAtOnce === 0) await sleep(clock, 0);
      const { body, shard, redelivered, publishedAt } = delivery;
      const retries = redelivered ? Math.max(1, this.#progress.failures(shard)) : 0;
      const raw = readEvents(body);
      for (const { value, text } of raw) {
        const verdict = rules.verdictOf(value);
        if (verdict === 'sound') {
          sound.push({ event: eventOf(rules, value, text), redelivered, retries, publishedAt, text });
        } else if (raw.length === 1) await this.#bury(value, verdict, batch.length === 1);
        else apart.push({ delivery, value, text });
      }
    }
    for (const { delivery, text } of apart) {
      const { topic, shard } = delivery;
      await bus.publish({ topic, shard, body: joinEvents([text()]) });
    }
    return sound;
  }

  /** Throws what buries the bus message that holds nothing else. If it is not `alone` in its batch, it comes alone next. */
  async #bury(value: unknown, verdict: Exclude<EventVerdict, 'sound'>, alone: boolean): Promise<never> {
    if (!isPoisonEvent(value))
      throw new ImError('invalid_request', verdict === 'newer' ? 'of a newer version' : verdict.fault);
    const { unprocessable, event } = value;
    const { rules } = this.#options;
    if (alone && rules.verdictOf(event) === 'sound') {
      await this.#tell(
        eventOf(rules, event, () => ''),
        unprocessable,
      );
    }
    throw new ImError('unprocessable', unprocessable);
  }

  async #tell(event: Event, reason: string): Promise<void> {
    const { givenUp, logger, topic } = this.#options;
    try {
      await givenUp?.(event, reason);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      logger.error({ err: error, topic }, 'nobody could be told of an event that can never be handled');
    }
  }
}

function eventOf<Event>(rules: EventRules<Event>, value: unknown, text: () => string): Event {
  return rules.eventOf?.(value, text) ?? (value as Event);
}
