import { ByteWriter } from './byte-writer.ts';
import { FIRST_SLOT_BLOCK, type IndexTables } from './index-tables.ts';
import type { IntList } from './int-list.ts';
import { Segment, SLOTS_PER_BLOCK } from './segment.ts';
import type { Word } from './words.ts';

/** A block of words ends at this size, in bytes; a longer list has a block of its own. */
const BLOCK_SIZE = 8 * 1024;

/** Writes a segment, which counts once `complete` has run: words in order, and all slots. */
export class SegmentWriter {
  readonly #tables: IndexTables;
  readonly #number: number;
  readonly #firsts = new ByteWriter();
  readonly #block = new ByteWriter();
  readonly #list = new ByteWriter();
  #blocks = 0;

  constructor(tables: IndexTables, number: number) {
    this.#tables = tables;
    this.#number = number;
  }

  /** `documents`: in ascending order. Returns whether a block was written. */
  add({ bytes, at, end }: Word, documents: IntList): boolean {
    this.#list.ascending(documents);
    const had = this.#blocks;
    if (this.#block.length + this.#list.length > BLOCK_SIZE) this.#close();
    if (this.#block.length === 0) this.#firsts.bytes(bytes, at, end);
    this.#block.bytes(bytes, at, end);
    this.#block.number(documents.length);
    this.#block.all(this.#list);
    return this.#blocks > had;
  }

  /** `slots`: of all documents, in ascending order. */
  *complete(slots: Float64Array): Generator<void, Segment> {
    this.#close();
    const [low = 0, high = low] = [slots[0], slots.at(-1)];
    for (let at = 0, block = FIRST_SLOT_BLOCK; at < slots.length; at += SLOTS_PER_BLOCK, block++) {
      this.#block.ascending(slots.subarray(at, at + SLOTS_PER_BLOCK), low);
      this.#tables.addBlock(this.#number, block, this.#block.take());
      yield;
    }
    const row = { number: this.#number, size: slots.length, low, high, firsts: this.#firsts.take() };
    this.#tables.addSegment(row);
    return new Segment(this.#tables, row);
  }

  #close(): void {
    if (this.#block.length > 0) this.#tables.addBlock(this.#number, this.#blocks++, this.#block.take());
  }
}
