import { type EventEnvelope, ImError, isPermanent } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { BusDelivery } from '@chasqui/ports';
import { decodeEvents, eventText } from './event-codec.ts';
import type { EventConsumerOptions, ReceivedEvent } from './event-consumer-options.ts';
import type { NewerEvent } from './newer-events.ts';
import { isPoisonEvent } from './poison-event.ts';

/** What a batch holds. */
export interface SortedEvents<Event> {
  /** To be handled, in order. */
  sound: ReceivedEvent<Event>[];
  /** To be left to newer processes: a list for each bus message that has some. */
  newer: NewerEvent[][];
  /** The JSON texts of what nobody can handle, but for those that came alone. */
  malformed: string[];
}

/** Tells which of a batch's events are to be handled here. */
export class EventSorter<Event> {
  readonly #options: EventConsumerOptions<Event>;

  constructor(options: EventConsumerOptions<Event>) {
    this.#options = options;
  }

  /** `failures`: how often the batch was handled in vain. Errors: retry `never` for a malformed event that came alone. */
  async sort(batch: readonly BusDelivery[], failures: number): Promise<SortedEvents<Event>> {
    const { clock, decodedAtOnce = Number.POSITIVE_INFINITY } = this.#options;
    const sorted: SortedEvents<Event> = { sound: [], newer: [], malformed: [] };
    for (const [at, delivery] of batch.entries()) {
      if (at > 0 && at % decodedAtOnce === 0) await sleep(clock, 0);
      const values = decodeEvents(delivery.body);
      const faults = this.#sortOne(delivery, values, failures, sorted);
      const [first] = faults.values();
      if (first !== undefined && values.length === 1) await this.#bury(values[0], first, batch.length === 1);
      for (const index of faults.keys()) sorted.malformed.push(eventText(delivery.body, index));
    }
    return sorted;
  }

  /** The values of one bus message. Gives back what is wrong with the malformed ones, by their places. */
  #sortOne(
    { body, redelivered, publishedAt }: BusDelivery,
    values: readonly unknown[],
    failures: number,
    { sound, newer }: SortedEvents<Event>,
  ): Map<number, string> {
    const faults = new Map<number, string>();
    const newerOfIt: NewerEvent[] = [];
    const retries = redelivered ? Math.max(1, failures) : 0;
    for (const [index, value] of values.entries()) {
      const verdict = this.#options.rules.verdictOf(value);
      if (typeof verdict === 'object') {
        faults.set(index, verdict.fault);
        continue;
      }
      const event = value as Event & EventEnvelope;
      const { firstPublishedAt: since = publishedAt } = event;
      const wasPutBack = event.firstPublishedAt !== undefined;
      const text = () => eventText(body, index);
      if (verdict === 'newer') newerOfIt.push({ text: text(), since, saysSince: wasPutBack });
      // Some process may have done something of what another one put back.
      else sound.push({ event, redelivered: redelivered || wasPutBack, retries, publishedAt: since, text });
    }
    if (newerOfIt.length > 0) newer.push(newerOfIt);
    return faults;
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
      logger.error({ err: error, topic }, 'the users could not be told that an event can never be handled');
    }
  }
}
