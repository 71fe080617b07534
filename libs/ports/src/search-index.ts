import type { ConversationId, LogId, MessageId, MessageStatus, UserId } from '@chasqui/domain';

/** The indexed fields of a message. */
export interface SearchDocument {
  messageId: MessageId;
  conversationId: ConversationId;
  from: UserId;
  /** The logs whose readers can find it (C13): inboxes, or a group's own log, whatever the number of its members. */
  logs: readonly LogId[];
  /** Empty if the message was recalled or has no text: no words then find it. */
  text: string;
  /** Unix ms. */
  sentAt: number;
  status: MessageStatus;
  /** A larger version replaces a smaller one; a write with an older or equal version is dropped without an error. */
  version: number;
}

export interface SearchQuery {
  /**
   * The logs that the searching user reads: only documents that have one of them are found (C13). At most 4,096. `all`:
   * for the server API, every document may be found.
   */
  logs: readonly LogId[] | 'all';
  /** 1–200 characters: all of its `searchTerms` must occur. */
  text: string;
  conversationId?: ConversationId;
  /** Only messages with a greater id. */
  above?: MessageId;
  /** Only messages with a smaller id. */
  below?: MessageId;
  /** Only hits after this one: the next page. */
  after?: Pick<SearchHit, 'exact' | 'messageId'>;
  /** 1–101: a page of 100, and one more that shows whether another page follows. */
  limit: number;
}

export interface SearchHit {
  messageId: MessageId;
  conversationId: ConversationId;
  from: UserId;
  sentAt: number;
  status: MessageStatus;
  /** The indexed text. */
  text: string;
  /** Every word of the query occurs unchanged, with its accents; case makes no difference. */
  exact: boolean;
}

/** The search engine. Errors: `search_unavailable`. */
export interface SearchIndex extends AsyncDisposable {
  /**
   * Writes in bulk. The result has, for each document in order, null or the error that prevented that document alone
   * from being written.
   */
  index(documents: readonly SearchDocument[]): Promise<(Error | null)[]>;
  /** Removes documents; absent ones are not an error. */
  remove(keys: readonly { conversationId: ConversationId; messageId: MessageId }[]): Promise<void>;
  /** Exact hits first, then the others, each newest first. Documents that `index` has written are found within 2 s. */
  search(query: SearchQuery): Promise<SearchHit[]>;
  /**
   * Starts an empty index beside the live one. `rebuild.index` fills it while searches use the live one and new writes
   * go to both; `commit` swaps them; disposing without a commit drops the new one.
   */
  rebuild(options?: RebuildOptions): Promise<SearchRebuild>;
  /**
   * Whether the index lacks documents that the message store has (it was damaged and recreated, or is of an older
   * version) and no process is rebuilding it. Until a `rebuild` commits, searches use what it has.
   */
  rebuildDue(): Promise<boolean>;
  ping(): Promise<void>;
}

export interface RebuildOptions {
  /**
   * Resumes an earlier resumable rebuild that did not finish because of a crash or a disposal; new writes have gone to
   * it throughout. Disposing without a commit keeps it. Without this option, the rebuild starts empty.
   */
  resume?: boolean;
}

export interface SearchRebuild extends AsyncDisposable {
  /** The last cursor given to `reached`; null: the new index is empty. */
  readonly cursor: string | null;
  index(documents: readonly SearchDocument[]): Promise<(Error | null)[]>;
  /** Everything up to this cursor of the message store (`MessageStore.scan`) has been indexed. */
  reached(cursor: string): Promise<void>;
  commit(): Promise<void>;
}
