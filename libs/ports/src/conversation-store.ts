import type {
  Audience,
  ConversationId,
  MessageAction,
  MessageId,
  MessageToRecord,
  Place,
  Position,
  ReadMark,
  UserId,
} from '@chasqui/domain';

/** What `record` did with one message. */
export type RecordOutcome =
  | {
      result: 'recorded' | 'duplicate';
      /** The message's one id. Differs from the one given after a lost dedup hint, or where `placeMessage` says so. */
      messageId: MessageId;
      /**
       * Where the first recording appended it: a place in each log of the audience that it had then. A log of the given
       * audience may be missing, if the first copy had a smaller one.
       */
      places: readonly Place[];
      /** Of each user but the sender whose inbox is among the places: the counts, for a duplicate as they are now. */
      unread: readonly UnreadState[];
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

/** One user's view of one conversation: one row for each (conversation, user). */
export interface ConversationEntry {
  userId: UserId;
  conversationId: ConversationId;
  /** The highest id that the user may see, whichever was recorded last. */
  lastMessageId: MessageId;
  /** Who sent the last message. */
  lastFrom: UserId;
  /** The first 100 characters of its text; empty when it has none or was recalled. */
  preview: string;
  unread: number;
  /** How far the user has read what came in. */
  read: Omit<ReadMark, 'userId'>;
  /** Unix ms of the last change that moves the conversation to the top. */
  updatedAt: number;
}

export type EntryKey = Pick<ConversationEntry, 'userId' | 'conversationId'>;

/** An action that is to be appended to logs. */
export interface ActionToRecord extends MessageAction {
  conversationId: ConversationId;
  messageId: MessageId;
  /** The message's. */
  audience: Audience;
}

export interface MarkReadResult {
  /** False: everything up to there was read before; nothing was written. */
  changed: boolean;
  /** Where reading stood before: what came in and is in (from, upTo] is newly read. */
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
 * Conversations per user, together with the logs that the same transactions append to (design, section 3, step 3).
 * Every write is one transaction, or one per item in order; all survive kill -9 once resolved. Errors:
 * `store_unavailable` (nothing is known to have been written; the caller repeats, as every call is idempotent).
 */
export interface ConversationStore extends AsyncDisposable {
  /**
   * For each message, in order and atomically: refuses a second copy of (from, clientMessageId) within the dedup
   * window; else appends a `message` entry to each log of its audience at its next position, creates or updates the entries of
   * the users whose inboxes those are, and raises the unread count of each of them but the sender, unless that user has read
   * up to a later id. A message keeps its id, unless `placeMessage` gives it another one: the ids of one device rise
   * strictly in record order, and what names an `after` that the conversation has reached sorts behind it, also when that
   * message was given another id. Ids of different devices may be recorded in any order. `duplicate` returns what the first
   * recording returned (`unread` as it is now). Nothing changes of a participant whose inbox is not in the audience: neither
   * log nor entry nor count.
   */
  record(messages: readonly MessageToRecord[]): Promise<RecordOutcome[]>;
  /** Moves a user's mark forward: sets the count to what came in later, and appends a `read` update to the user's inbox. Never moves back. */
  markRead(mark: ReadMark & { conversationId: ConversationId; upTo: MessageId }): Promise<MarkReadResult>;
  /**
   * Appends an `action` update to each log of the audience, and empties the previews of a recalled message; once for each revision of
   * a message: null when it was done before.
   */
  act(action: ActionToRecord): Promise<Place[] | null>;
  /** In the order of the keys; null where the user has no such conversation. */
  entries(keys: readonly EntryKey[]): Promise<(ConversationEntry | null)[]>;
  /** Most recently updated first; `before` is the last entry of the page before. At most `limit`. */
  list(
    userId: UserId,
    limit: number,
    before?: { updatedAt: number; conversationId: string },
  ): Promise<ConversationEntry[]>;
  /** The truth that the unread cache repeats. */
  unread(userId: UserId): Promise<UnreadCounts>;
  /** Recomputes unread counts from the logs; with `repair`, corrects them. Pages by user id; null ends. C8. */
  recount(
    cursor: string | null,
    options: { repair: boolean; limit: number },
  ): Promise<{ users: number; drift: DriftReport[]; cursor: string | null }>;
  ping(): Promise<void>;
}
