import type { ConversationId, MessageId } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';

/** The most ids that one `ack` frame takes (`maxAckIds` of the server). */
const MAX_IDS = 500;

/** Gathers the `delivered` acks of one turn, so that a burst of messages costs one frame per conversation. */
export class AckBatcher {
  readonly #acks: ClientFrameOf<'ack'>[] = [];

  add(conversationId: ConversationId, messageId: MessageId): void {
    const last = this.#acks.findLast((ack) => ack.conversationId === conversationId);
    if (last !== undefined && last.messageIds.length < MAX_IDS) last.messageIds.push(messageId);
    else this.#acks.push({ type: 'ack', state: 'delivered', conversationId, messageIds: [messageId] });
  }

  /**
   * What was gathered, which is then forgotten: after a disconnect, confirming the inbox position reports the messages as
   * delivered.
   */
  take(): ClientFrameOf<'ack'>[] {
    return this.#acks.splice(0);
  }
}
