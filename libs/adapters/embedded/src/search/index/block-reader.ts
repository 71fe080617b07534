import { ByteReader } from './byte-reader.ts';
import type { Word } from './words.ts';

/** Goes through the words of a block, and is the word that it is at. It makes nothing of those that nobody wants. */
export class BlockReader implements Word {
  readonly bytes: Uint8Array;
  at = 0;
  end = 0;
  /** How many documents have the word. */
  count = 0;
  readonly #reader: ByteReader;
  #listAt = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#reader = new ByteReader(bytes);
  }

  /** Returns whether there is another word. */
  next(): boolean {
    const reader = this.#reader;
    if (!reader.hasMore) return false;
    const length = reader.number();
    this.at = reader.at;
    this.end = reader.at + length;
    reader.at = this.end;
    this.count = reader.number();
    const listLength = reader.number();
    this.#listAt = reader.at;
    reader.at += listLength;
    return true;
  }

  documents(): Uint32Array {
    const documents = new Uint32Array(this.count);
    this.readDocuments(documents);
    return documents;
  }

  /** As `ByteReader.number`, for numbers below 2^28: long lists are read in every search. */
  readDocuments(into: Uint32Array): void {
    const { bytes, count } = this;
    let at = this.#listAt;
    let last = 0;
    for (let index = 0; index < count; index++) {
      let byte = bytes[at++] as number;
      let step = byte & 127;
      for (let shift = 7; byte >= 128; shift += 7) {
        byte = bytes[at++] as number;
        step |= (byte & 127) << shift;
      }
      last += step;
      into[index] = last;
    }
  }
}
