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
 * Tells DataSync which messages a batch of events changed, in one event at the end of the batch. The batch is done only
 * when the bus holds it: if it is lost, its changes are repeated with the batch.
 */
export class SearchFeed {
  readonly #publisher: EventPublisher;
  #changed: ChangedMessage[] = [];
  readonly #publishes: Promise<void>[] = [];

  constructor(publisher: EventPublisher) {
    this.#publisher = publisher;
  }

  add(changed: readonly ChangedMessage[]): void {
    for (const { conversationId, messageId, status, trace } of changed)
      this.#changed.push({ conversationId, messageId, status, trace });
  }

  /**
   * Resolves when the bus holds everything that was added, also what another call publishes: handlers share a feed, and
   * none of them may go on before its own additions are held. Errors: `bus_unavailable`.
   */
  async done(): Promise<void> {
    for (const changed = this.#changed; changed.length > 0; ) {
      const event: SearchEvent = { messages: changed.splice(0, MAX_IDS) };
      this.#publishes.push(this.#publisher.publish(SEARCH_TOPIC, event.messages[0]?.conversationId ?? '', event));
    }
    await Promise.all(this.#publishes);
  }
}
