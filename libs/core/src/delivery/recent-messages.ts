import { BoundedMap, type Message, type MessageId } from '@chasqui/domain';

/** How many messages are kept; the oldest are forgotten. */
const MAX_KEPT = 5_000;

/**
 * Messages that a process has stored within the last moments, for a DataSync in the same process: it indexes them
 * without a read of the store. What is missing here is read.
 */
export class RecentMessages {
  readonly #messages = new BoundedMap<MessageId, Message>(MAX_KEPT);

  /** Call when the message is stored under this id, and before search is told of it. */
  add(message: Message): void {
    this.#messages.set(message.messageId, message);
  }

  /** The message as it was stored, once. */
  take(messageId: MessageId): Message | undefined {
    const message = this.#messages.get(messageId);
    if (message !== undefined) this.#messages.delete(messageId);
    return message;
  }
}
