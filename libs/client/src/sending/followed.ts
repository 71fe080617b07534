import { type ConversationId, ImError, type MessageId, type ReceiptState } from '@chasqui/domain';
import { EarlyReceipts } from './early-receipts.ts';
import type { OutgoingMessage } from './outgoing.ts';

/** The content of a receipt. */
export interface ReceiptNews {
  conversationId: ConversationId;
  state: ReceiptState;
  messageIds?: readonly MessageId[];
  upTo?: MessageId;
  /** Unix ms. */
  at: number;
}

/**
 * Own messages with open promises, found by id when acks and receipts arrive. Beyond the bound the oldest stored ones
 * are evicted; the outbox bounds the others.
 */
export class Followed {
  readonly #max: number;
  readonly #byClientId = new Map<string, OutgoingMessage>();
  readonly #byId = new Map<MessageId, OutgoingMessage>();
  /** Messages that the server has accepted. */
  readonly #byConversation = new Map<ConversationId | '', Set<OutgoingMessage>>();
  readonly #stored = new Set<OutgoingMessage>();
  readonly #early = new EarlyReceipts();

  constructor(max: number) {
    this.#max = max;
  }

  get(clientMessageId: string): OutgoingMessage | undefined {
    return this.#byClientId.get(clientMessageId);
  }

  add(outgoing: OutgoingMessage): void {
    this.#byClientId.set(outgoing.clientMessageId, outgoing);
  }

  /**
   * The message has reached this state, in this conversation and under this id; or a later one, if its receipt arrived
   * first.
   */
  advance(
    outgoing: OutgoingMessage,
    state: 'queued' | 'stored' | ReceiptState,
    { conversationId, messageId, at }: { conversationId: ConversationId | ''; messageId: MessageId; at?: number },
  ): void {
    outgoing.conversationId = conversationId;
    const others = this.#byConversation.get(conversationId) ?? new Set();
    this.#byConversation.set(conversationId, others.add(outgoing));
    this.#byId.delete(outgoing.messageId);
    this.#byId.set(messageId, outgoing);
    outgoing.messageId = messageId;
    outgoing.advance(state, messageId, at);
    const early = this.#early.take(conversationId, messageId);
    if (early !== undefined) outgoing.advance(early.state, messageId, early.at);
    if (outgoing.state === 'queued') return;
    if (outgoing.state === 'read') this.remove(outgoing);
    else if (outgoing.to !== '') this.#bound(outgoing);
    else this.#abandon(outgoing, new ImError('not_allowed', 'groups tell no receipts'));
  }

  #bound(stored: OutgoingMessage): void {
    this.#stored.add(stored);
    for (const oldest of this.#stored) {
      if (this.#stored.size <= this.#max) break;
      this.#abandon(oldest, new ImError('deadline_exceeded', `the last ${this.#max} messages wait for receipts`));
    }
  }

  #abandon(outgoing: OutgoingMessage, error: ImError): void {
    this.remove(outgoing);
    outgoing.abandon(error);
  }

  /** `unread` and `delivered` name messages; `read` covers all up to one. */
  receipt(news: ReceiptNews): void {
    const { conversationId, state, messageIds = [], upTo, at } = news;
    for (const messageId of messageIds) {
      const outgoing = this.#byId.get(messageId);
      if (outgoing === undefined) this.#early.note(messageId, { state, at });
      else if (outgoing.conversationId === conversationId)
        this.advance(outgoing, state, { conversationId, messageId, at });
    }
    if (upTo === undefined) return;
    this.#early.noteRead(conversationId, { state, at, upTo });
    for (const outgoing of this.#byConversation.get(conversationId) ?? []) {
      const { messageId } = outgoing;
      if (messageId !== '' && messageId <= upTo) this.advance(outgoing, state, { conversationId, messageId, at });
    }
  }

  remove(outgoing: OutgoingMessage): void {
    this.#byClientId.delete(outgoing.clientMessageId);
    this.#stored.delete(outgoing);
    this.#byId.delete(outgoing.messageId);
    const { conversationId } = outgoing;
    const others = this.#byConversation.get(conversationId);
    others?.delete(outgoing);
    if (others?.size === 0) this.#byConversation.delete(conversationId);
  }

  all(): OutgoingMessage[] {
    return [...this.#byClientId.values()];
  }
}
