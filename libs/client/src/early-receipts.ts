import { BoundedMap, type ConversationId, type MessageId, type ReceiptState, statusRank } from '@chasqui/domain';

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
  readonly #byId = new BoundedMap<MessageId, Kept>(MAX_KEPT);
  readonly #readUpTo = new BoundedMap<ConversationId, { upTo: MessageId; at: number }>(MAX_KEPT);

  note({ conversationId, state, messageIds = [], upTo, at }: ReceiptNews, isKnown: (id: MessageId) => boolean): void {
    for (const id of messageIds) {
      const kept = this.#byId.get(id);
      if (isKnown(id) || (kept !== undefined && statusRank(kept.state) >= statusRank(state))) continue;
      this.#byId.set(id, { state, at });
    }
    if (upTo === undefined || upTo <= (this.#readUpTo.get(conversationId)?.upTo ?? '')) return;
    this.#readUpTo.set(conversationId, { upTo, at });
  }

  /** Takes the furthest receipt that covers the message. */
  take(conversationId: ConversationId | '', messageId: MessageId): Kept | undefined {
    const kept = this.#byId.get(messageId);
    this.#byId.delete(messageId);
    const read = this.#readUpTo.get(conversationId);
    return read !== undefined && messageId <= read.upTo ? { state: 'read', at: read.at } : kept;
  }
}
