import type {
  Audience,
  ConversationId,
  MessageAction,
  MessageId,
  MessageToRecord,
  Place,
  Position,
  PostRefusal,
  ReadMark,
  UserId,
} from '@chasqui/domain';

/** The result of `record` for one message. */
export type RecordOutcome =
  | {
      result: 'recorded' | 'duplicate';
      /**
       * The message's final id. It differs from the given one if a dedup hint was lost or `placeMessage` assigned
       * another.
       */
      messageId: MessageId;
      /**
       * The places from the first recording: one in each log of the audience that the message had then. A log of the
       * given audience may be missing, if that audience was smaller.
       */
      places: readonly Place[];
      /**
       * The unread counts of each user whose inbox is among the places, except the sender; for a duplicate, the current
       * counts.
       */
      unread: readonly UnreadState[];
    }
  /** The same sender and clientMessageId, but other content (C4). Nothing was changed. */
  | { result: 'conflict'; messageId: MessageId }
  /**
   * The order of the group's log refuses it (C18). That is kept as a copy is: a repeat within the dedup window is
   * refused for the same reason, whatever has changed since.
   */
  | { result: 'refused'; reason: PostRefusal; messageId: MessageId }
  /** Only of imported messages: the conversation has later ones (`placeImported`). Nothing was changed, or is kept of it. */
  | { result: 'out_of_order'; messageId: MessageId };

/** Exact unread counts of one user as a transaction left them; a larger `position` is newer. */
export interface UnreadState {
  userId: UserId;
  conversationId: ConversationId;
  /** Unread messages of that conversation. */
  count: number;
  /** Unread messages of all conversations. */
  total: number;
  /** The head of the user's inbox in that transaction. */
  position: Position;
}

/** All unread counts of a user. Conversations without unread messages are left out. */
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
  /** The highest id among the messages the user may see, regardless of recording order. */
  lastMessageId: MessageId;
  /** Who sent the last message. */
  lastFrom: UserId;
  /** The first 100 characters of the last message's text; empty if it has none or was recalled. */
  preview: string;
  unread: number;
  /** The user's read mark. */
  read: Omit<ReadMark, 'userId'>;
  /** Unix ms of the last change that moves the conversation to the top. */
  updatedAt: number;
}

export type EntryKey = Pick<ConversationEntry, 'userId' | 'conversationId'>;

/** An action that is to be appended to logs. */
export type ActionToRecord = MessageAction & {
  conversationId: ConversationId;
  messageId: MessageId;
  /** The audience of the message. */
  audience: Audience;
};

export interface MarkReadResult {
  /** False: the mark was there already or beyond; nothing was written. */
  changed: boolean;
  /** The mark before: incoming messages in (from, upTo] are newly read. */
  from: MessageId | '';
  upTo: MessageId;
  unread: UnreadState;
  /** The position of the `read` update in the owner's inbox, if changed. */
  position: Position;
}

/** A count of a user in a conversation that is not what its log has. */
export interface DriftReport {
  userId: UserId;
  conversationId: ConversationId;
  /** Unread messages, or those of them that mention the user; the latter only in groups. */
  count: 'unread' | 'mentions';
  stored: number;
  recomputed: number;
}

/**
 * Conversation entries, and the logs that the same transactions append to (design, section 3, step 3). Every write is
 * one transaction, or one per item, in order; a resolved write survives kill -9. Errors: `store_unavailable` (it is
 * unknown whether the write happened; repeat it, every call is idempotent).
 */
export interface ConversationStore extends AsyncDisposable {
  /**
   * For each message, in order and atomically: refuses a second copy of (from, clientMessageId) within the dedup
   * window. Otherwise it appends a `message` entry at the next position of each log of the audience, creates or updates
   * the entries of the users whose inboxes those are, and raises the unread count of each of them except the sender and
   * users who have read up to a later id. A message keeps its id unless `placeMessage` assigns another: the ids of one
   * device rise strictly in record order, and a message with an `after` that the conversation has reached sorts behind
   * it, even if that earlier message was given another id. Messages of different devices may be recorded in any order
   * of ids. `duplicate` returns the result of the first recording (with the current `unread`). For a participant whose
   * inbox is not in the audience, log, entry and count stay unchanged.
   *
   * A message whose audience is a group's log is appended to that log alone, whatever the number of members (C19),
   * unless `postRefusal` refuses it by what the transaction finds. It gets an id behind all in the log, so that ids rise
   * with positions, and updates the group's last message; `unread` is empty. Totals that the transaction keeps make
   * every member's unread and mention counts exact (C21); only mentions of members count.
   *
   * A recorded message refers from then on to each attachment of its content that is ready, and its sender's or already
   * referred to; it is recorded without a reference to others.
   *
   * An imported message (`isImported`) gets the id that `placeImported` gives it, behind all messages of its
   * conversation, or is `out_of_order`. In a group, its sender need not be a member; one who
   * never was gets the row of `formerSender`.
   */
  record(messages: readonly MessageToRecord[]): Promise<RecordOutcome[]>;
  /**
   * Moves a user's mark forward, never back: sets the unread count to the messages that came in later, and appends a
   * `read` update to the user's inbox. In a group it moves a current member's mark, at most to the group's last message;
   * `unread.total` is then that of the direct conversations. Anybody else's changes nothing.
   */
  markRead(mark: ReadMark & { conversationId: ConversationId; upTo: MessageId }): Promise<MarkReadResult>;
  /**
   * For each action, in order: appends an `action` update (`actionUpdate`) to each log of the audience, and sets the message's previews to
   * `previewAfter`; where it removes content (`removesContent`), it also drops the message's references to attachments. Once per revision of a message: null if it was done before, or a later one was.
   * All of them are one transaction; their updates are in the logs in the order of the actions.
   * An edit counts as a mention for each user whom it names, if they are a member whose mark is before the message, not
   * its sender, and it does not mention them yet (C21). That is kept until their mark passes it.
   */
  act(actions: readonly ActionToRecord[]): Promise<(Place[] | null)[]>;
  /** Of direct conversations, in the order of the keys; null: the user has no such entry. For groups: `GroupStore`. */
  entries(keys: readonly EntryKey[]): Promise<(ConversationEntry | null)[]>;
  /** Most recently updated first, at most `limit`; `before` is the last entry of the previous page. */
  list(
    userId: UserId,
    limit: number,
    before?: { updatedAt: number; conversationId: string },
  ): Promise<ConversationEntry[]>;
  /** The authoritative counts, which the unread cache copies. */
  unread(userId: UserId): Promise<UnreadCounts>;
  /**
   * Recomputes unread counts from the logs, also those of groups, and counts of mentions from what is kept of each
   * message; with `repair`, corrects them (C8, C21). Pages by user id; a null cursor ends.
   */
  recount(
    cursor: string | null,
    options: { repair: boolean; limit: number },
  ): Promise<{ users: number; drift: DriftReport[]; cursor: string | null }>;
  ping(): Promise<void>;
}
