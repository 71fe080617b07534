/**
 * Which documents have which words. Documents are numbered from 0 within their postings; each has a slot, which is
 * unique in the whole index.
 */
export interface Postings {
  /** The number of documents. */
  readonly size: number;
  /** The smallest and the largest slot. */
  readonly low: number;
  readonly high: number;
  /** For each word that occurs, its documents in ascending order. */
  holding(words: readonly string[]): Uint32Array[];
  /** The same for all words that begin so. */
  beginning(start: string): Uint32Array[];
  /** The slots of these documents, in ascending order. */
  slotsOf(documents: Uint32Array): Float64Array;
}
