import type { ConversationId, MessageId, MessageToRecord, Position, UserId } from '@chasqui/domain';

/** What `record` did with one message. */
export type RecordOutcome =
  | {
      result: 'recorded' | 'duplicate';
      /** The message's one id. Differs from the one given after a lost dedup hint, or where `placeMessage` says so. */
      messageId: MessageId;
      /** The message's place in both inboxes. */
      senderPosition: Position;
      /** 0: the receiver has not got it, as the first recording was of a silenced message. */
      receiverPosition: Position;
      /** The receiver's counts as of `receiverPosition`. */
      unread: UnreadState;
    }
  /** The same sender and clientMessageId, but other content (C4). Nothing was changed. */
  | { result: 'conflict'; messageId: MessageId };

/** Exact unread counts of one user as a transaction left them; a larger `position` is newer. */
export interface UnreadState {
  userId: UserId;
  conversationId: ConversationId;
  /** Of that conversation. */
  count: number;
  /** Of all conversations. */
  total: number;
  /** The head of the user's inbox in that transaction. */
  position: Position;
}

/** All of a user's counts. Conversations with nothing unread are left out. */
export interface UnreadCounts {
  userId: UserId;
  total: number;
  byConversation: { [conversationId: ConversationId]: number };
  position: Position;
}

/** One user's view of one conversation. */
export interface SessionRow {
  userId: UserId;
  conversationId: ConversationId;
  peer: UserId;
  /** The highest id, whichever was recorded last. */
  lastMessageId: MessageId;
  /** Who sent the last message. */
  lastFrom: UserId;
  /** The first 100 characters of its text; empty when it has none or was recalled. */
  preview: string;
  unread: number;
  /** Everything that came in up to here is read; empty: nothing yet. */
  readUpTo: MessageId | '';
  /** Unix ms of the last change that moves the conversation to the top. */
  updatedAt: number;
}

export interface MarkReadResult {
  /** False: everything up to there was read before; nothing was written. */
  changed: boolean;
  /** Where reading stood before: the messages from the peer in (from, upTo] are newly read. */
  from: MessageId | '';
  upTo: MessageId;
  unread: UnreadState;
  /** The owner's inbox place of the `read` update, when changed. */
  position: Position;
}

export interface DriftReport {
  userId: UserId;
  conversationId: ConversationId;
  stored: number;
  recomputed: number;
}

/**
 * Conversations per user, together with the inboxes that the same transactions append to (design, section 3, step 3).
 * Every write is one transaction, or one per item in order; all survive kill -9 once resolved. Errors:
 * `store_unavailable` (nothing is known to have been written; the caller repeats, as every call is idempotent).
 */
export interface SessionStore extends AsyncDisposable {
  /**
   * For each message, in order and atomically: refuses a second copy of (from, clientMessageId) within the dedup
   * window; else appends a `message` entry to both inboxes at their next positions, creates or updates both sessions,
   * and raises the receiver's unread count unless the receiver has read up to a later id. A message keeps its id, unless
   * `placeMessage` gives it another one: the ids of one device rise strictly in record order, and what names an `after`
   * that the conversation has reached sorts behind it, also when that message was given another id. Ids of different
   * devices may be recorded in any order. `duplicate` returns what the first recording returned (`unread` as it is now). A silenced message is the sender's
   * alone: it changes nothing of the receiver's, neither inbox nor session nor count.
   */
  record(messages: readonly MessageToRecord[]): Promise<RecordOutcome[]>;
  /** Reads up to a message: sets the count to what came in later, and appends a `read` update to the owner's inbox. Never moves back. */
  markRead(userId: UserId, conversationId: ConversationId, upTo: MessageId, at: number): Promise<MarkReadResult>;
  /** Appends a `recall` update to both inboxes, or with `silenced` to the sender's alone, and empties the preview, once: null when it was done before. */
  recall(
    conversationId: ConversationId,
    messageId: MessageId,
    by: UserId,
    at: number,
    silenced?: boolean,
  ): Promise<{ [userId: UserId]: Position } | null>;
  get(userId: UserId, conversationId: ConversationId): Promise<SessionRow | null>;
  /** Most recently updated first; `before` is the last row of the page before. At most `limit`. */
  list(userId: UserId, limit: number, before?: { updatedAt: number; conversationId: string }): Promise<SessionRow[]>;
  /** The truth that the unread cache repeats. */
  unread(userId: UserId): Promise<UnreadCounts>;
  /** Recomputes unread counts from the inboxes; with `repair`, corrects them. Pages by user id; null ends. C8. */
  recount(
    cursor: string | null,
    options: { repair: boolean; limit: number },
  ): Promise<{ users: number; drift: DriftReport[]; cursor: string | null }>;
  ping(): Promise<void>;
}
