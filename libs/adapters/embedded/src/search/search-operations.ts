import type { SearchHit, SearchQuery } from '@chasqui/ports';

/** A document, flattened: DOCUMENT_WIDTH values each. */
export type DocumentRow = [
  messageId: string,
  conversationId: string,
  from: string,
  /** Joined by commas. */
  logs: string,
  text: string,
  sentAt: number,
  status: number,
  version: number,
];
export const DOCUMENT_WIDTH = 8;

/** For each document null, or the reason why it could not be written. */
export type WriteReply = (string | null)[];

/** The operations of the search worker. */
export type SearchOperations = {
  ping(args: null): null;
  'search.index'(args: (string | number)[]): WriteReply;
  /** Message ids. */
  'search.remove'(args: string[]): null;
  'search.search'(args: SearchQuery): SearchHit[];
  /** Starts an empty index beside the live one, which replaces an unfinished one. Returns its number. */
  'search.rebuild'(args: null): number;
  /** As `search.rebuild`, but resumes an unfinished rebuild that was started so; `cursor` is its progress. */
  'search.resume'(args: null): { rebuild: number; cursor: string | null };
  'search.reached'(args: { rebuild: number; cursor: string }): null;
  /** Errors: `search_unavailable` when that rebuild has been replaced or dropped, also for `commit`. */
  'search.fill'(args: { rebuild: number; rows: (string | number)[] }): WriteReply;
  'search.commit'(args: number): null;
  /** Abandons a rebuild: a resumable one is kept, and others may resume it at once. */
  'search.drop'(args: number): null;
  'search.rebuildDue'(args: null): boolean;
  /** The live index is incomplete: a rebuild is due. */
  'search.rebuildLater'(args: null): null;
};
