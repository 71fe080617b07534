import type { ConversationId, MessageId } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';

/** The most ids that one `ack` frame takes (`maxAckIds` of the server). */
const MAX_IDS = 500;

/** Gathers the `delivered` acks of one turn, so that a burst of messages costs one frame per conversation. */
export class AckBatcher {
  readonly #pending = new Map<ConversationId, MessageId[]>();

  add(conversationId: ConversationId, messageId: MessageId): void {
    const ids = this.#pending.get(conversationId);
    if (ids === undefined) this.#pending.set(conversationId, [messageId]);
    else ids.push(messageId);
  }

  take(): ClientFrameOf<'ack'>[] {
    const frames: ClientFrameOf<'ack'>[] = [];
    for (const [conversationId, ids] of this.#pending) {
      for (let i = 0; i < ids.length; i += MAX_IDS) {
        frames.push({ type: 'ack', state: 'delivered', conversationId, messageIds: ids.slice(i, i + MAX_IDS) });
      }
    }
    this.#pending.clear();
    return frames;
  }

  /** After a disconnect these acks are not needed: confirming the inbox position reports the messages as delivered. */
  clear(): void {
    this.#pending.clear();
  }
}
