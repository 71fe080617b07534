export interface DatabaseBounds {
  /** Messages that are kept of a conversation (and up to 100 more). Beyond: the oldest are removed. Default: 500. */
  maxMessages?: number;
  /** Conversations. Beyond: the least recently used one is removed, with its messages. Default: 1,000. */
  maxConversations?: number;
}

export const DATABASE_BOUNDS: Required<DatabaseBounds> = { maxMessages: 500, maxConversations: 1_000 };
