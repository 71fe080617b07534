import { type EventEnvelope, ImError, isPermanent } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { BusDelivery } from '@chasqui/ports';
import { decodeEvents, eventText, joinEvents } from './event-codec.ts';
import type { EventConsumerOptions, ReceivedEvent } from './event-consumer-options.ts';
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
    const apart: { delivery: BusDelivery; index: number }[] = [];
    for (const [at, delivery] of batch.entries()) {
      if (at > 0 && at % decodedAtOnce === 0) await sleep(clock, 0);
      const values = decodeEvents(delivery.body);
      const malformed = this.#sortOne(delivery, values, failures, sorted);
      const [first] = malformed;
      if (first !== undefined && values.length === 1) await this.#bury(values[0], first.fault, batch.length === 1);
      apart.push(...malformed.map(({ index }) => ({ delivery, index })));
    }
    for (const { delivery, index } of apart) {
      const { topic, shard, body } = delivery;
      await bus.publish({ topic, shard, body: joinEvents([eventText(body, index)]) });
    }
    return sorted;
  }

  /** The values of one bus message. Gives back the malformed ones. */
  #sortOne(
    { body, redelivered, publishedAt }: BusDelivery,
    values: readonly unknown[],
    failures: number,
    { sound, left }: SortedEvents<Event>,
  ): { index: number; fault: string }[] {
    const malformed: { index: number; fault: string }[] = [];
    const leftOfIt: LeftEvent[] = [];
    const retries = redelivered ? Math.max(1, failures) : 0;
    for (const [index, value] of values.entries()) {
      const verdict = this.#options.rules.verdictOf(value);
      if (typeof verdict === 'object') {
        malformed.push({ index, fault: verdict.fault });
        continue;
      }
      const event = value as Event & EventEnvelope;
      if (verdict === 'newer') this.#newer.hold(event);
      const text = () => eventText(body, index);
      if (verdict === 'newer' || this.#newer.isBehind(event)) {
        leftOfIt.push({ event, text: text(), isNewer: verdict === 'newer' });
      } else {
        // Some process may have done something of what was put back.
        sound.push({ event, redelivered: redelivered || event.waitsSince !== undefined, retries, publishedAt, text });
      }
    }
    if (leftOfIt.length > 0) left.push(leftOfIt);
    return malformed;
  }

  /** Throws what buries the bus message that holds nothing else. If it is not `alone` in its batch, it comes alone next. */
  async #bury(value: unknown, fault: string, alone: boolean): Promise<never> {
    if (!isPoisonEvent(value)) throw new ImError('invalid_request', fault);
    const { unprocessable, event } = value;
    if (alone && this.#options.rules.verdictOf(event) === 'sound') await this.#tell(event as Event, unprocessable);
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
