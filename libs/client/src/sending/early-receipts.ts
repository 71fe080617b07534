import type { ConversationId, MessageId, ReceiptState } from '@chasqui/domain';
import { setNewest } from '../basics/newest.ts';
import { stateRank } from '../conversations/chat-message.ts';

/**
 * Message ids and conversations whose receipts are kept. Beyond: the oldest are evicted; a synced message brings its
 * status too.
 */
const MAX_KEPT = 1_000;

/** The content of a receipt. */
export interface ReceiptNews {
  conversationId: ConversationId;
  state: ReceiptState;
  messageIds?: readonly MessageId[];
  upTo?: MessageId;
  /** Unix ms. */
  at: number;
}

interface Kept {
  state: ReceiptState;
  at: number;
}

/**
 * Receipts of messages whose ids this device does not know yet: the connection was lost before `send_ack`, and the
 * receiver was faster than the resend.
 */
export class EarlyReceipts {
  readonly #byId = new Map<MessageId, Kept>();
  readonly #readUpTo = new Map<ConversationId | '', { upTo: MessageId; at: number }>();

  note({ conversationId, state, messageIds = [], upTo, at }: ReceiptNews, isKnown: (id: MessageId) => boolean): void {
    for (const id of messageIds) {
      const kept = this.#byId.get(id);
      if (isKnown(id) || (kept !== undefined && stateRank(kept.state) >= stateRank(state))) continue;
      setNewest(this.#byId, id, { state, at }, MAX_KEPT);
    }
    if (upTo === undefined || upTo <= (this.#readUpTo.get(conversationId)?.upTo ?? '')) return;
    setNewest(this.#readUpTo, conversationId, { upTo, at }, MAX_KEPT);
  }

  /** Takes the furthest receipt that covers the message. */
  take(conversationId: ConversationId | '', messageId: MessageId): Kept | undefined {
    const kept = this.#byId.get(messageId);
    this.#byId.delete(messageId);
    const read = this.#readUpTo.get(conversationId);
    return read !== undefined && messageId <= read.upTo ? { state: 'read', at: read.at } : kept;
  }
}
