import { BlockReader } from './block-reader.ts';
import { ByteReader } from './byte-reader.ts';
import { FIRST_SLOT_BLOCK, type IndexTables, type SegmentRow } from './index-tables.ts';
import type { Postings } from './postings.ts';
import { compareWords, startsWith, toWord, type Word } from './words.ts';

/** Slots in a block of slots. */
export const SLOTS_PER_BLOCK = 4_096;

/** Postings that are never changed, in blocks of the file: sorted words, and the slots of the documents. */
export class Segment implements Postings {
  readonly number: number;
  readonly size: number;
  readonly low: number;
  readonly high: number;
  readonly #firsts: Word[] = [];
  readonly #tables: IndexTables;

  constructor(tables: IndexTables, { number, size, low, high, firsts }: SegmentRow) {
    this.#tables = tables;
    this.number = number;
    this.size = size;
    this.low = low;
    this.high = high;
    for (const reader = new ByteReader(firsts); reader.hasMore; ) {
      const end = reader.number() + reader.at;
      this.#firsts.push({ bytes: firsts, at: reader.at, end });
      reader.at = end;
    }
  }

  holding(words: readonly string[]): Uint32Array[] {
    const found: Uint32Array[] = [];
    let block = -1;
    let entry: BlockReader | undefined;
    for (const word of words.map(toWord).sort(compareWords)) {
      const at = this.#blockOf(word);
      if (at !== block) {
        block = at;
        entry = this.#entryOf(at);
      }
      while (entry !== undefined && compareWords(entry, word) < 0) if (!entry.next()) entry = undefined;
      if (entry !== undefined && compareWords(entry, word) === 0) found.push(entry.documents());
    }
    return found;
  }

  beginning(start: string): Uint32Array[] {
    const first = toWord(start);
    const found: Uint32Array[] = [];
    for (const entry of this.entries(Math.max(0, this.#blockOf(first)))) {
      if (startsWith(entry, first)) found.push(entry.documents());
      else if (compareWords(entry, first) > 0) break;
    }
    return found;
  }

  slotsOf(documents: Uint32Array): Float64Array {
    let block = -1;
    let slots: Float64Array = new Float64Array();
    return Float64Array.from(documents, (document) => {
      const at = Math.floor(document / SLOTS_PER_BLOCK);
      if (at !== block) {
        block = at;
        slots = this.slots(at);
      }
      return slots[document % SLOTS_PER_BLOCK] as number;
    });
  }

  /** All words in order: each time the reader is at the next one. */
  *entries(from = 0): Generator<BlockReader, undefined> {
    for (let block = from; block < this.#firsts.length; block++) {
      const entry = this.#entryOf(block) as BlockReader;
      do yield entry;
      while (entry.next());
    }
  }

  /** A block of slots. */
  slots(block: number): Float64Array {
    const reader = new ByteReader(this.#tables.block(this.number, FIRST_SLOT_BLOCK + block));
    const slots = new Float64Array(Math.min(SLOTS_PER_BLOCK, this.size - block * SLOTS_PER_BLOCK));
    let last = this.low;
    for (let at = 0; at < slots.length; at++) {
      last += reader.number();
      slots[at] = last;
    }
    return slots;
  }

  /** At the block's first word; there is none if there is no such block. */
  #entryOf(block: number): BlockReader | undefined {
    if (block < 0) return undefined;
    const entry = new BlockReader(this.#tables.block(this.number, block));
    return entry.next() ? entry : undefined;
  }

  /** The only block that may have the word; -1: none has. */
  #blockOf(word: Word): number {
    let [low, high] = [-1, this.#firsts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (compareWords(this.#firsts[middle] as Word, word) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
