import type { ConversationId, MessageId, MessageStatus, UserId } from '@chasqui/domain';

/** What is indexed of a message. */
export interface SearchDocument {
  messageId: MessageId;
  conversationId: ConversationId;
  from: UserId;
  /** Who finds it (C13). */
  users: readonly UserId[];
  /** Empty when recalled or without text: the document is then never found by words. */
  text: string;
  /** Unix ms. */
  sentAt: number;
  status: MessageStatus;
  /** A larger one replaces a smaller one; an older or equal write is dropped without an error. */
  version: number;
}

export interface SearchQuery {
  /** Who asks: only documents that name this user among their `users` are ever found (C13). */
  userId: UserId;
  /** 1–200 characters: all of its `searchTerms` must occur. */
  text: string;
  conversationId?: ConversationId;
  /** Only hits that come after this one: the next page. */
  after?: Pick<SearchHit, 'exact' | 'messageId'>;
  /** 1–101: a page of 100, and one more that tells whether another follows. */
  limit: number;
}

export interface SearchHit {
  messageId: MessageId;
  conversationId: ConversationId;
  from: UserId;
  sentAt: number;
  status: MessageStatus;
  /** The text. */
  text: string;
  /** Every word of the query occurs as it is, with its accents; case makes no difference. */
  exact: boolean;
}

/** The search engine. Errors: `search_unavailable`. */
export interface SearchIndex extends AsyncDisposable {
  /** Writes in bulk. The result has, for each document in order, null or why that one alone could not be written. */
  index(documents: readonly SearchDocument[]): Promise<(Error | null)[]>;
  /** Removes documents; absent ones are fine. */
  remove(keys: readonly { conversationId: ConversationId; messageId: MessageId }[]): Promise<void>;
  /** Exact hits first, then the others, each newest first. What `index` has resolved is found within 2 s at the latest. */
  search(query: SearchQuery): Promise<SearchHit[]>;
  /**
   * Starts an empty index beside the live one; `rebuild.index` fills it while searches use the old one and new writes
   * go to both; `commit` swaps them; disposing without a commit drops it.
   */
  rebuild(options?: RebuildOptions): Promise<SearchRebuild>;
  /**
   * Whether the index lacks what the message store has, as it was damaged and made anew or is of an older version, and
   * nobody is rebuilding it. It answers with what it has until a `rebuild` commits.
   */
  rebuildDue(): Promise<boolean>;
  ping(): Promise<void>;
}

export interface RebuildOptions {
  /**
   * Goes on with an earlier such rebuild that did not end, by a crash or a disposal: new writes have gone to it all the time.
   * Disposing without a commit keeps it. Without this, the rebuild starts empty.
   */
  resume?: boolean;
}

export interface SearchRebuild extends AsyncDisposable {
  /** What was last given to `reached`; null: it is empty. */
  readonly cursor: string | null;
  index(documents: readonly SearchDocument[]): Promise<(Error | null)[]>;
  /** Everything up to this place in the message store (`MessageStore.scan`) has been indexed. */
  reached(cursor: string): Promise<void>;
  commit(): Promise<void>;
}
