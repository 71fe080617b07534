import { IntList } from './int-list.ts';
import type { Postings } from './postings.ts';
import type { Segment } from './segment.ts';
import type { SegmentWriter } from './segment-writer.ts';
import { WordTable } from './word-table.ts';
import { startsWith, toWord } from './words.ts';

/**
 * The postings of the newest documents, in memory, until they become a segment. Each posting names the one before it of
 * the same word: thousands of lists that grow would cost more.
 */
export class RecentPostings implements Postings {
  readonly #words = new WordTable();
  /** By the number of a word: its last posting. */
  readonly #last = new IntList();
  /** The document of each posting, and the posting before; -1: there is none. */
  readonly #documents = new IntList();
  readonly #before = new IntList();
  readonly #slots: number[] = [];
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;

  get size(): number {
    return this.#slots.length;
  }

  /** How many words documents have, together. */
  get postings(): number {
    return this.#documents.length;
  }

  /** `words` without repetition; `slot`: one that it does not have yet. */
  add(slot: number, words: readonly string[]): void {
    const document = this.#slots.push(slot) - 1;
    if (slot < this.low) this.low = slot;
    if (slot > this.high) this.high = slot;
    for (const text of words) {
      const word = this.#words.obtain(text);
      const posting = this.#documents.push(document);
      this.#before.push(word < this.#last.length ? this.#last.at(word) : -1);
      if (word < this.#last.length) this.#last.set(word, posting);
      else this.#last.push(posting);
    }
  }

  holding(words: readonly string[]): Uint32Array[] {
    return words.flatMap((text) => {
      const word = this.#words.find(text);
      return word === undefined ? [] : [this.#documentsOf(word)];
    });
  }

  beginning(start: string): Uint32Array[] {
    const first = toWord(start);
    const found: Uint32Array[] = [];
    for (let word = 0; word < this.#words.size; word++) {
      if (startsWith(this.#words.at(word), first)) found.push(this.#documentsOf(word));
    }
    return found;
  }

  slotsOf(documents: Uint32Array): Float64Array {
    return Float64Array.from(documents, (document) => this.#slots[document] as number).sort();
  }

  /** Writes a segment in small steps. */
  *write(writer: SegmentWriter): Generator<void, Segment> {
    const order = this.#slots.map((_, document) => document);
    order.sort((a, b) => (this.#slots[a] as number) - (this.#slots[b] as number));
    const place = new Uint32Array(this.size);
    for (const [at, document] of order.entries()) place[document] = at;
    yield;
    const sorted = this.#words.sorted();
    yield;
    const documents = new IntList();
    for (const word of sorted) {
      documents.clear();
      for (let at = this.#last.at(word); at >= 0; at = this.#before.at(at)) {
        documents.push(place[this.#documents.at(at)] as number);
      }
      documents.reverse();
      documents.sort();
      if (writer.add(this.#words.at(word), documents)) yield;
    }
    return yield* writer.complete(Float64Array.from(this.#slots).sort());
  }

  #documentsOf(word: number): Uint32Array {
    let count = 0;
    for (let at = this.#last.at(word); at >= 0; at = this.#before.at(at)) count++;
    const found = new Uint32Array(count);
    for (let at = this.#last.at(word); at >= 0; at = this.#before.at(at)) found[--count] = this.#documents.at(at);
    return found;
  }
}
