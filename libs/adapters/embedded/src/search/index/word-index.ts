import type { Database } from '../../sqlite/database.ts';
import { IndexTables } from './index-tables.ts';
import { merge } from './merge.ts';
import type { Postings } from './postings.ts';
import { RecentPostings } from './recent-postings.ts';
import { Segment } from './segment.ts';
import { SegmentWriter } from './segment-writer.ts';

/** So many documents in memory become a segment, or fewer that have so many words together. */
const RECENT = 4_096;
const RECENT_POSTINGS = 200_000;
/** So many segments of about one size become one, up to the largest size, in documents. */
const MERGED = 8;
const LARGEST = RECENT * MERGED ** 2;
/** A step of work writes about one block. So many new words in documents are worth a step; a word is written thrice. */
const POSTINGS_PER_STEP = 150;
const LEAST_STEPS = 2;
/** More than so many full ones in memory are not waited with, whatever it takes. */
const MOST_FULL = 2;
/** How many blocks of a superseded segment are removed in a step. */
const REMOVED = 64;

type Work = Generator<void, void>;

/**
 * Which slots have which words. New ones are in memory, and their slots in the file, so that an opening reads their
 * documents again; some thousands become a segment, and eight segments of about one size become one. A slot's words
 * never change.
 */
export class WordIndex {
  readonly #tables: IndexTables;
  readonly #unsaved: number[] = [];
  /** Full ones, the oldest first, each with its last row of slots. */
  readonly #full: { postings: RecentPostings; upTo: number }[] = [];
  #recent = new RecentPostings();
  #segments: Segment[];
  #number: number;
  /** Words in documents since the last `save`. */
  #added = 0;
  #saving: Work | undefined;
  #merging: Work | undefined;

  /** `wordsAt`: the words of the document at a slot; empty if it is there no more. */
  constructor(db: Database, generation: number, wordsAt: (slot: number) => readonly string[]) {
    this.#tables = new IndexTables(db, generation);
    this.#segments = this.#tables.segments().map((row) => new Segment(this.#tables, row));
    const numbers = this.#segments.map(({ number }) => number);
    this.#tables.removeOtherBlocks(numbers);
    this.#number = Math.max(0, ...numbers);
    for (const row of this.#tables.recent()) {
      for (const slot of new Float64Array(row.slice().buffer)) this.#recent.add(slot, wordsAt(slot));
    }
  }

  get size(): number {
    return this.all().reduce((sum, { size }) => sum + size, 0);
  }

  all(): Postings[] {
    return [...this.#segments, ...this.#full.map(({ postings }) => postings), this.#recent];
  }

  add(slot: number, words: readonly string[]): void {
    this.#recent.add(slot, words);
    this.#unsaved.push(slot);
    this.#added += words.length;
  }

  /**
   * At the end of a transaction: notes what is in memory alone, and works on segments, the longer the more was added; so
   * it keeps up, and holds nobody for long.
   */
  save(): void {
    if (this.#unsaved.length === 0) return;
    const upTo = this.#tables.addRecent(new Uint8Array(Float64Array.from(this.#unsaved.splice(0)).buffer));
    if (this.#recent.size >= RECENT || this.#recent.postings >= RECENT_POSTINGS) {
      this.#full.push({ postings: this.#recent, upTo });
      this.#recent = new RecentPostings();
    }
    let steps = Math.max(LEAST_STEPS, this.#added / POSTINGS_PER_STEP);
    this.#added = 0;
    while ((steps-- > 0 || this.#full.length > MOST_FULL) && this.#step()) {}
  }

  /** Returns whether there was anything to do. */
  #step(): boolean {
    const [full] = this.#full;
    if (full !== undefined) {
      this.#saving ??= this.#saveFull(full);
      if (this.#saving.next().done) this.#saving = undefined;
      return true;
    }
    this.#merging ??= this.#nextMerge();
    if (this.#merging?.next().done) this.#merging = undefined;
    return this.#merging !== undefined;
  }

  *#saveFull({ postings, upTo }: { postings: RecentPostings; upTo: number }): Work {
    this.#segments.push(yield* postings.write(this.#writer()));
    this.#tables.removeRecent(upTo);
    this.#full.shift();
  }

  #nextMerge(): Work | undefined {
    for (let limit = RECENT * MERGED; limit <= LARGEST; limit *= MERGED) {
      const least = limit === RECENT * MERGED ? 0 : limit / MERGED;
      const alike = this.#segments.filter(({ size }) => size < limit && size >= least);
      if (alike.length >= MERGED) return this.#merge(alike.sort((a, b) => a.low - b.low).slice(0, MERGED));
    }
    return undefined;
  }

  *#merge(former: readonly Segment[]): Work {
    const merged = yield* merge(former, this.#writer());
    this.#segments = [...this.#segments.filter((segment) => !former.includes(segment)), merged];
    for (const { number } of former) this.#tables.removeSegment(number);
    for (const { number } of former) while (this.#tables.removeBlocks(number, REMOVED) === REMOVED) yield;
  }

  #writer(): SegmentWriter {
    return new SegmentWriter(this.#tables, ++this.#number);
  }
}
