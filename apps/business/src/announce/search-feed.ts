import type { EventPublisher } from '@chasqui/core';
import { type MessageId, type MessageStatus, SEARCH_TOPIC, type SearchEvent } from '@chasqui/domain';

/** A message that DataSync must index again, the status that it has at least, and its trace. */
export interface ChangedMessage {
  conversationId: string;
  messageId: MessageId;
  status?: MessageStatus | undefined;
  trace?: string | undefined;
}

/** Maximum number of messages in one event. */
const MAX_IDS = 500;

/**
 * Tells DataSync which messages a batch of events changed. Additions are published at once, in parallel with the rest
 * of the batch. The batch is done only when the bus holds them all: if an event is lost, its change is repeated with
 * the batch.
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
      // A batch that fails before it calls `done` is repeated anyway.
      published.catch(() => {});
      this.#publishes.push(published);
    }
  }

  /** Resolves when the bus holds everything. Errors: `bus_unavailable`. */
  async done(): Promise<void> {
    await Promise.all(this.#publishes);
  }
}
