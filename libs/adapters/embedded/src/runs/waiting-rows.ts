import type { ByteWriter } from './bytes.ts';

/** Bytes of a block. A row that does not fit has a longer one for itself. */
const BLOCK = 256 * 1_024;
const LENGTH_BYTES = 4;

/**
 * The values of rows that wait for a flush, as bytes outside of V8's heap. As objects they would live until the flush,
 * which is longer than a young collection waits, so each would be copied twice and become garbage in the old generation.
 */
export class WaitingRows {
  #blocks: Buffer[] = [];
  /** Blocks that were dropped so far: the number of the first one in `#blocks`. */
  #dropped = 0;
  /** Dropped blocks that are used again; at most as many as ever waited at a time. */
  #spare: Buffer[] = [];
  /** Where the next row begins in the last block. */
  #at = BLOCK;

  /** Keeps what was written, and empties the writer. Returns the row's place; places rise. */
  add(writer: ByteWriter): number {
    const size = LENGTH_BYTES + writer.length;
    let block = this.#blocks.at(-1);
    if (block === undefined || this.#at + size > BLOCK) {
      block = size > BLOCK ? Buffer.allocUnsafeSlow(size) : (this.#spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK));
      this.#blocks.push(block);
      this.#at = 0;
    }
    const place = (this.#dropped + this.#blocks.length - 1) * BLOCK + this.#at;
    block.writeUInt32LE(writer.length, this.#at);
    writer.moveTo(block, this.#at + LENGTH_BYTES);
    this.#at += size;
    return place;
  }

  /** The bytes of a row: a view, which must not be used any more once the row is dropped. */
  get(place: number): Buffer {
    const block = this.#blocks[Math.floor(place / BLOCK) - this.#dropped];
    if (block === undefined) throw new Error(`no row waits at ${place}`);
    const start = (place % BLOCK) + LENGTH_BYTES;
    return block.subarray(start, start + block.readUInt32LE(start - LENGTH_BYTES));
  }

  /** Forgets rows below a place, as far as whole blocks have no others. */
  dropBefore(place: number): void {
    const dropped = this.#blocks.splice(0, Math.floor(place / BLOCK) - this.#dropped);
    this.#dropped += dropped.length;
    this.#spare.push(...dropped.filter(({ length }) => length === BLOCK));
  }

  clear(): void {
    this.dropBefore(Number.POSITIVE_INFINITY);
    this.#at = BLOCK;
  }
}
