import type { FileBytes } from '@chasqui/ports';
import { TooManyParts } from './too-many-parts.ts';

const WINDOW = 256 * 1024;
/** A GIF of a million frames needs four million. */
const MAX_READS = 8_000_000;

/** Reads a file from its beginning to its end, a large piece at a time. Errors: `TooManyParts`. */
export class ByteWindow {
  readonly #file: FileBytes;
  #from = 0;
  #reads = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(file: FileBytes) {
    this.#file = file;
  }

  get size(): number {
    return this.#file.size;
  }

  /** The bytes there, at most `length`; fewer at the end of the file. `length`: at most a quarter of a megabyte. */
  async at(position: number, length: number): Promise<Buffer> {
    if (++this.#reads > MAX_READS) throw new TooManyParts();
    const end = Math.min(position + length, this.#file.size);
    if (position < this.#from || end > this.#from + this.#bytes.length) {
      const read = await this.#file.read(position, WINDOW);
      this.#bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
      this.#from = position;
    }
    return this.#bytes.subarray(position - this.#from, Math.max(position, end) - this.#from);
  }

  /** All that has been read behind a position, two bytes at least; fewer only at the end of the file. */
  async rest(position: number): Promise<Buffer> {
    await this.at(position, 2);
    return this.#bytes.subarray(position - this.#from);
  }
}
