import type {
  ConversationId,
  EncodedMessage,
  MessageAction,
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
  /** Whose status it is. A message of which the member is no addressee counts as missing, so that nobody acks for another. */
  member: UserId;
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

/** `superseded`: the message has had an action of this revision or a later one, and nothing was changed. */
export type ApplyResult = 'applied' | 'superseded' | 'missing';

/**
 * Messages and their statuses. A resolved write survives kill -9. Errors: `store_unavailable` (repeat: every call is
 * idempotent).
 */
export interface MessageStore extends AsyncDisposable {
  /** Adds messages, their texts as they are. One that is there keeps its content, statuses and steps. */
  put(messages: readonly (EncodedMessage & { steps: MessageStep[] })[]): Promise<void>;
  /** In the order of the keys; null where there is none. */
  get(keys: readonly MessageKey[]): Promise<(StoredMessage | null)[]>;
  /**
   * One conversation, newest first, at most `limit`; with `before`, only ids below it; with `after`, only ids above it.
   */
  page(
    conversationId: ConversationId,
    options: { before?: MessageId; after?: MessageId; limit: number },
  ): Promise<StoredMessage[]>;
  /** Raises members' statuses, never lowers one (C7), and notes each step. Results in the order of the changes. */
  raise(changes: readonly StatusChange[]): Promise<RaiseResult[]>;
  /**
   * Changes a message as `applyAction` says, and notes the step, unless it has had an action of this revision or a later one.
   * `node`: who handles it.
   */
  apply(key: MessageKey, action: MessageAction, node: string): Promise<ApplyResult>;
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
