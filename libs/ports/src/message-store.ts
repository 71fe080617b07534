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
  /**
   * The user whose status it is. If the member is not an addressee, the message counts as missing, so that no user can
   * ack for another.
   */
  member: UserId;
  status: MessageStatus;
  /** Unix ms. */
  at: number;
  node: string;
  /** Minimum number of earlier attempts. */
  retries?: number;
  /**
   * Earlier steps that are recorded with the change if it raises the status; a state that is recorded already stays
   * unchanged.
   */
  before?: readonly MessageStep[];
}

/** `raised`: the status moved forward to the given one. `same`: it was that one already. `further`: it is beyond it. */
export type RaiseResult = 'raised' | 'same' | 'further' | 'missing';

/** An action on a message. `node`: the process that handles it. */
export interface HandledAction extends MessageKey {
  action: MessageAction;
  node: string;
}

/** `superseded`: the message has had an action of this or a later revision, and nothing was changed. */
export type ApplyResult = 'applied' | 'superseded' | 'missing';

/**
 * Messages and their statuses. A resolved write survives kill -9. Errors: `store_unavailable` (repeat: every call is
 * idempotent).
 */
export interface MessageStore extends AsyncDisposable {
  /** Adds messages with their texts unchanged. An existing message keeps its content, statuses and steps. */
  put(messages: readonly (EncodedMessage & { steps: MessageStep[] })[]): Promise<void>;
  /** In the order of the keys; null: no such message. */
  get(keys: readonly MessageKey[]): Promise<(StoredMessage | null)[]>;
  /**
   * Messages of one conversation, newest first, at most `limit`; with `before`, only ids below it; with `after`, only
   * ids above it.
   */
  page(
    conversationId: ConversationId,
    options: { before?: MessageId; after?: MessageId; limit: number },
  ): Promise<StoredMessage[]>;
  /**
   * Raises members' statuses, never lowers them (C7), and records each step. Results are in the order of the changes.
   */
  raise(changes: readonly StatusChange[]): Promise<RaiseResult[]>;
  /**
   * For each action: changes its message with `applyAction` and records the step, unless the message has had an action
   * of this or a later revision. Actions on one message are applied in their order, and no reader sees a later one
   * without those before it; those on different messages in any order. Results are in the order of the actions; if it
   * fails, any of them may have been applied.
   */
  apply(actions: readonly HandledAction[]): Promise<ApplyResult[]>;
  /** Removes messages that must not exist (second ids). Absent ones are not an error. */
  remove(keys: readonly MessageKey[]): Promise<void>;
  /** Every message, page by page in an order of the store's own, for rebuilding the index. A null cursor ends. */
  scan(cursor: string | null, limit: number): Promise<{ messages: StoredMessage[]; cursor: string | null }>;
  /**
   * Writes messages as `scan` of another store gave them, with statuses, steps and what actions left. One that is there
   * is replaced. For moves, while nothing else writes.
   */
  restore(messages: readonly StoredMessage[]): Promise<void>;
  /**
   * Optional, for stores that know the order of arrival: the newest arrivals first, page by page. A null cursor ends. A
   * message that arrives meanwhile may be missing.
   */
  recent?(cursor: string | null, limit: number): Promise<{ messages: StoredMessage[]; cursor: string | null }>;
  /**
   * Goes with `recent`: a process that started at `startedAt` (Unix ms) will look for unfinished work. Records durably
   * that all messages that arrived since `since` are to be checked. Returns the time from which to check: the earliest
   * of all look-backs that began and have not ended.
   */
  beginLookBack?(since: number, startedAt: number): Promise<number>;
  /**
   * Ends all look-backs that began, unless another process began one later than the process that started at
   * `startedAt`.
   */
  endLookBack?(startedAt: number): Promise<void>;
  /**
   * Optional, for stores that remove a whole month at once: removes the oldest months, up to the first that has a message
   * with this or a later id, or one that was not recalled.
   */
  dropRecalled?(before: MessageId): Promise<void>;
  /**
   * Goes with `dropRecalled`: a message with an id below this one that is missing was recalled and then removed. Empty:
   * nothing was removed.
   */
  droppedBelow?(): Promise<MessageId | ''>;
  ping(): Promise<void>;
}

/** An optional ability of stores that index ids: finds a message without its conversation (for traces). */
export interface MessageLocator {
  locate(messageId: MessageId): Promise<MessageKey | null>;
  /**
   * The highest id that was put, or an id above it; null: there is none, or the store cannot tell without reading
   * everything.
   */
  newest(): Promise<MessageId | null>;
}
