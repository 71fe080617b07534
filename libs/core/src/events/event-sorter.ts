import { type EventEnvelope, ImError, isPermanent } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { BusDelivery } from '@chasqui/ports';
import { type RawEvent, readEvents } from './bus-body.ts';
import type { EventConsumerOptions, ReceivedEvent } from './event-consumer-options.ts';
import type { EventRules } from './event-rules.ts';
import type { NewerEvent } from './newer-events.ts';
import { isPoisonEvent } from './poison-event.ts';

/** The events of a batch, by what is to be done with them. */
export interface SortedEvents<Event> {
  /** To be handled, in order. */
  sound: ReceivedEvent<Event>[];
  /** To be left to newer processes: one list for each bus message that contains some. */
  newer: NewerEvent[][];
  /** The JSON texts of malformed events, except those alone in their bus message. */
  malformed: string[];
}

/** Sorts a batch's events by whether they can be handled here. */
export class EventSorter<Event> {
  readonly #options: EventConsumerOptions<Event>;

  constructor(options: EventConsumerOptions<Event>) {
    this.#options = options;
  }

  /**
   * `failures`: how often handling the batch has failed. Errors: retry `never` for a malformed event that is alone in
   * its bus message.
   */
  async sort(batch: readonly BusDelivery[], failures: number): Promise<SortedEvents<Event>> {
    const { clock, decodedAtOnce = Number.POSITIVE_INFINITY } = this.#options;
    const sorted: SortedEvents<Event> = { sound: [], newer: [], malformed: [] };
    for (const [at, delivery] of batch.entries()) {
      if (at > 0 && at % decodedAtOnce === 0) await sleep(clock, 0);
      const raw = readEvents(delivery.body);
      const faults = this.#sortOne(delivery, raw, failures, sorted);
      const [first] = faults.values();
      if (first !== undefined && raw.length === 1) await this.#bury(raw[0]?.value, first, batch.length === 1);
      for (const { text } of faults.keys()) sorted.malformed.push(text());
    }
    return sorted;
  }

  /** Sorts the events of one bus message. Returns the faults of the malformed ones. */
  #sortOne(
    { redelivered, publishedAt }: BusDelivery,
    raw: readonly RawEvent[],
    failures: number,
    { sound, newer }: SortedEvents<Event>,
  ): Map<RawEvent, string> {
    const { rules } = this.#options;
    const faults = new Map<RawEvent, string>();
    const newerOfIt: NewerEvent[] = [];
    const retries = redelivered ? Math.max(1, failures) : 0;
    for (const one of raw) {
      const { value, text } = one;
      const verdict = rules.verdictOf(value);
      if (typeof verdict === 'object') {
        faults.set(one, verdict.fault);
        continue;
      }
      const { firstPublishedAt } = value as EventEnvelope;
      const since = firstPublishedAt ?? publishedAt;
      const wasPutBack = firstPublishedAt !== undefined;
      if (verdict === 'newer') newerOfIt.push({ text: text(), since, saysSince: wasPutBack });
      // If another process put the event back, it may have been handled in part.
      else {
        const event = eventOf(rules, value, text);
        sound.push({ event, redelivered: redelivered || wasPutBack, retries, publishedAt: since, text });
      }
    }
    if (newerOfIt.length > 0) newer.push(newerOfIt);
    return faults;
  }

  /**
   * Throws the error that sends a bus message with a single event to the dead letters. If it is not `alone` in its
   * batch, the bus redelivers it alone.
   */
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
      logger.error({ err: error, topic }, 'the users could not be told that an event can never be handled');
    }
  }
}

function eventOf<Event>(rules: EventRules<Event>, value: unknown, text: () => string): Event {
  return rules.eventOf?.(value, text) ?? (value as Event);
}
