import type {
  ConversationId,
  Message,
  MessageId,
  MessageStatus,
  MessageStep,
  StoredMessage,
  UserId,
} from '@chasqui/domain';

export interface MessageKey {
  conversationId: ConversationId;
  messageId: MessageId;
}

export interface StatusChange extends MessageKey {
  /** The receiver; a message to anybody else counts as missing, so that nobody acks for another. */
  to: UserId;
  status: MessageStatus;
  /** Unix ms. */
  at: number;
  node: string;
  /** How often the change had been tried before, at least. */
  retries?: number;
  /** What came before it and is noted with it, if it raises the status; a state that is there keeps what it has. */
  before?: readonly MessageStep[];
}

/** `raised`: the status moved forward to the one given. `same`: it was that already. `further`: it is beyond. */
export type RaiseResult = 'raised' | 'same' | 'further' | 'missing';

/**
 * Messages and their statuses. A resolved write survives kill -9. Errors: `store_unavailable` (repeat: every call is
 * idempotent).
 */
export interface MessageStore extends AsyncDisposable {
  /** Adds messages with status `stored`. One that is there keeps its content, status and steps. */
  put(messages: readonly { message: Message; steps: MessageStep[] }[]): Promise<void>;
  /** In the order of the keys; null where there is none. */
  get(keys: readonly MessageKey[]): Promise<(StoredMessage | null)[]>;
  /**
   * One conversation, newest first, at most `limit`; with `before`, only ids below it; with `after`, only ids above it.
   */
  page(
    conversationId: ConversationId,
    options: { before?: MessageId; after?: MessageId; limit: number },
  ): Promise<StoredMessage[]>;
  /** Raises statuses, never lowers one (C7), and notes each step. Results in the order of the changes. */
  raise(changes: readonly StatusChange[]): Promise<RaiseResult[]>;
  /** Empties the content and notes who and when. False: it is not there. */
  recall(key: MessageKey, at: number, node: string): Promise<boolean>;
  /** Removes messages that must not be (second ids). Absent ones are fine. */
  remove(keys: readonly MessageKey[]): Promise<void>;
  /** Every message, in an order of the store's own, page by page, for rebuilding the index. Null ends. */
  scan(cursor: string | null, limit: number): Promise<{ messages: StoredMessage[]; cursor: string | null }>;
  /**
   * An ability of stores that know the order of arrival: the newest arrivals first, page by page. Null ends. A message that
   * arrives meanwhile may be left out.
   */
  recent?(cursor: string | null, limit: number): Promise<{ messages: StoredMessage[]; cursor: string | null }>;
  /**
   * Goes with `recent`, for who starts and looks for what was left undone: notes durably that all is to be looked at that
   * arrived since `since`, by who started at `startedAt` (Unix ms). Answers from when on: the earliest of what was begun and
   * not ended.
   */
  beginLookBack?(since: number, startedAt: number): Promise<number>;
  /** All is done that was begun, unless somebody else began later than who started at `startedAt`. */
  endLookBack?(startedAt: number): Promise<void>;
  ping(): Promise<void>;
}

/** An ability of stores that index ids: finds a message without its conversation (for traces). */
export interface MessageLocator {
  locate(messageId: MessageId): Promise<MessageKey | null>;
  /** The highest id that was put, or one above it; null: there is none, or the store cannot say without reading it all. */
  newest(): Promise<MessageId | null>;
}
