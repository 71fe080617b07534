import type { ConversationId, MessageId, ReceiptState } from '@chasqui/domain';
import { setNewest } from '../basics/newest.ts';
import { stateRank } from '../conversations/chat-message.ts';

/**
 * Message ids and conversations whose receipts are kept. Beyond: the oldest are evicted; a synced message brings its
 * status too.
 */
const MAX_KEPT = 1_000;

/** `at`: Unix ms. */
interface Kept {
  state: ReceiptState;
  at: number;
  /** Of a conversation: all of the user's messages up to this one. */
  upTo?: MessageId;
}

/**
 * Receipts of messages whose ids this device does not know yet: the connection was lost before `send_ack`, and the
 * receiver was faster than the resend.
 */
export class EarlyReceipts {
  /** By message id, and by conversation with a slash, which no message id has. */
  readonly #kept = new Map<string, Kept>();

  note(messageId: MessageId, kept: Kept): void {
    const { state, upTo = '' } = this.#kept.get(messageId) ?? { state: 'unread' };
    if (stateRank(kept.state) >= stateRank(state) && (kept.upTo ?? '') >= upTo)
      setNewest(this.#kept, messageId, kept, MAX_KEPT);
  }

  noteRead(conversationId: ConversationId, kept: Kept): void {
    this.note(`${conversationId}/`, kept);
  }

  /** Takes the furthest receipt that covers the message. */
  take(conversationId: ConversationId | '', messageId: MessageId): Kept | undefined {
    const kept = this.#kept.get(messageId);
    this.#kept.delete(messageId);
    const read = this.#kept.get(`${conversationId}/`);
    return messageId <= (read?.upTo ?? '') ? read : kept;
  }
}
