import { type EventEnvelope, ImError, isPermanent } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { BusDelivery } from '@chasqui/ports';
import { joinEvents, type RawEvent, readEvents } from './bus-body.ts';
import type { EventConsumerOptions, ReceivedEvent } from './event-consumer-options.ts';
import type { EventRules } from './event-rules.ts';
import type { LeftEvent, NewerEvents } from './newer-events.ts';
import { isPoisonEvent } from './poison-event.ts';

/** What a batch holds: what is to be handled, in order, and what is left to other processes, a list for each bus message. */
export interface SortedEvents<Event> {
  sound: ReceivedEvent<Event>[];
  left: LeftEvent[][];
}

/** Tells which of a batch's events are to be handled here and now. */
export class EventSorter<Event> {
  readonly #options: EventConsumerOptions<Event>;
  readonly #newer: NewerEvents;

  constructor(options: EventConsumerOptions<Event>, newer: NewerEvents) {
    this.#options = options;
    this.#newer = newer;
  }

  /**
   * `failures`: how often the batch was handled in vain. Malformed events are published again, each alone. Errors: retry `never` for
   * a malformed one that came alone.
   */
  async sort(batch: readonly BusDelivery[], failures: number): Promise<SortedEvents<Event>> {
    const { clock, bus, decodedAtOnce = Number.POSITIVE_INFINITY } = this.#options;
    const sorted: SortedEvents<Event> = { sound: [], left: [] };
    const apart: { delivery: BusDelivery; text: string }[] = [];
    for (const [at, delivery] of batch.entries()) {
      if (at > 0 && at % decodedAtOnce === 0) await sleep(clock, 0);
      const raw = readEvents(delivery.body);
      const malformed = this.#sortOne(delivery, raw, failures, sorted);
      const [first] = malformed;
      if (first !== undefined && raw.length === 1) await this.#bury(raw[0]?.value, first.fault, batch.length === 1);
      apart.push(...malformed.map(({ text }) => ({ delivery, text: text() })));
    }
    for (const { delivery, text } of apart) {
      const { topic, shard } = delivery;
      await bus.publish({ topic, shard, body: joinEvents([text]) });
    }
    return sorted;
  }

  /** The values of one bus message. Gives back the malformed ones. */
  #sortOne(
    { redelivered, publishedAt }: BusDelivery,
    raw: readonly RawEvent[],
    failures: number,
    { sound, left }: SortedEvents<Event>,
  ): { text: () => string; fault: string }[] {
    const { rules } = this.#options;
    const malformed: { text: () => string; fault: string }[] = [];
    const leftOfIt: LeftEvent[] = [];
    const retries = redelivered ? Math.max(1, failures) : 0;
    for (const { value, text } of raw) {
      const verdict = rules.verdictOf(value);
      if (typeof verdict === 'object') {
        malformed.push({ text, fault: verdict.fault });
        continue;
      }
      const envelope = value as EventEnvelope;
      if (verdict === 'newer') this.#newer.hold(envelope);
      if (verdict === 'newer' || this.#newer.isBehind(envelope)) {
        leftOfIt.push({ event: envelope, text: text(), isNewer: verdict === 'newer' });
      } else {
        // Some process may have done something of what was put back.
        const isAgain = redelivered || envelope.waitsSince !== undefined;
        sound.push({ event: eventOf(rules, value, text), redelivered: isAgain, retries, publishedAt, text });
      }
    }
    if (leftOfIt.length > 0) left.push(leftOfIt);
    return malformed;
  }

  /** Throws what buries the bus message that holds nothing else. If it is not `alone` in its batch, it comes alone next. */
  async #bury(value: unknown, fault: string, alone: boolean): Promise<never> {
    if (!isPoisonEvent(value)) throw new ImError('invalid_request', fault);
    const { unprocessable, event } = value;
    const { rules } = this.#options;
    if (alone && rules.verdictOf(event) === 'sound')
      await this.#tell(
        eventOf(rules, event, () => ''),
        unprocessable,
      );
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
