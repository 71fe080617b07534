import type { EventPublisher } from '@chasqui/core';
import { type MessageId, type MessageStatus, SEARCH_TOPIC, type SearchEvent } from '@chasqui/domain';

/** A message that DataSync has to look at, how far it has come at least, and the trace that it goes on in. */
export interface ChangedMessage {
  conversationId: string;
  messageId: MessageId;
  status?: MessageStatus | undefined;
  trace?: string | undefined;
}

/** Messages in one event. */
const MAX_IDS = 500;

/**
 * Tells DataSync which messages a batch of events changed. What is added goes to the bus at once, beside whatever else the batch
 * has to do; the batch is done only when the bus has it all: a change whose event was lost is repeated with its own event.
 */
export class SearchFeed {
  readonly #publisher: EventPublisher;
  readonly #publishes: Promise<void>[] = [];

  constructor(publisher: EventPublisher) {
    this.#publisher = publisher;
  }

  add(changed: readonly ChangedMessage[]): void {
    for (let start = 0; start < changed.length; start += MAX_IDS) {
      const messages = changed
        .slice(start, start + MAX_IDS)
        .map(({ conversationId, messageId, status, trace }) => ({ conversationId, messageId, status, trace }));
      const event: SearchEvent = { messages };
      const published = this.#publisher.publish(SEARCH_TOPIC, messages[0]?.conversationId ?? '', event);
      // A batch that fails before it asks for `done` is repeated anyway.
      published.catch(() => {});
      this.#publishes.push(published);
    }
  }

  /** Resolves when the bus has everything. Errors: `bus_unavailable`. */
  async done(): Promise<void> {
    await Promise.all(this.#publishes);
  }
}
