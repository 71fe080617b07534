import { ByteReader, ByteWriter } from './bytes.ts';

/** A row; a null value says that the key has none, whatever older runs say. */
export type Row = readonly [key: string, value: Buffer | null];

/**
 * The most bytes of a chunk with more than one row: with its checksum it fits in one page of SQLite.
 */
const FULL = 3_900;

/**
 * Gathers rows in the order of their keys. Each is written as: the number of characters that its key shares with the key
 * before it, the number of further ones, the size of the value plus one (0: null), these characters, the value.
 */
export class ChunkWriter {
  readonly #writer = new ByteWriter();
  #last = '';
  rows = 0;
  firstKey = '';

  /** False: the row does not fit; the chunk is to be finished first. */
  add(key: string, value: Buffer | null): boolean {
    const size = value?.length ?? 0;
    if (this.rows > 0 && this.#writer.length + key.length + size + 6 > FULL) return false;
    if (this.rows === 0) this.firstKey = key;
    const shared = this.rows === 0 ? 0 : sharedLength(this.#last, key);
    this.#writer.varint(shared);
    this.#writer.varint(key.length - shared);
    this.#writer.varint(value === null ? 0 : size + 1);
    this.#writer.latin1(key, shared);
    if (value !== null) this.#writer.raw(value);
    this.#last = key;
    this.rows++;
    return true;
  }

  finish(): Buffer {
    this.rows = 0;
    return this.#writer.take();
  }
}

function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let i = 0;
  while (i < most && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}

export function rowsOf(chunk: Buffer): Row[] {
  const reader = new ByteReader(chunk);
  const rows: Row[] = [];
  let key = '';
  while (!reader.isAtEnd) {
    const shared = reader.varint();
    const suffix = reader.varint();
    const size = reader.varint();
    key = key.slice(0, shared) + reader.latin1(suffix);
    rows.push([key, size === 0 ? null : reader.raw(size - 1)]);
  }
  return rows;
}

/**
 * The value of a key; undefined: the chunk has no such row. No key is decoded: `matched` is how much of the sought one
 * the row before has, and rows that share more with that row, or less, are below or above it.
 */
export function valueIn(chunk: Buffer, sought: string): Buffer | null | undefined {
  const reader = new ByteReader(chunk);
  let matched = 0;
  while (!reader.isAtEnd) {
    const shared = reader.varint();
    const suffix = reader.varint();
    const size = reader.varint();
    const value = reader.at + suffix;
    if (shared < matched) return undefined;
    if (shared === matched) {
      let at = reader.at;
      while (at < value && matched < sought.length && chunk[at] === sought.charCodeAt(matched)) {
        at++;
        matched++;
      }
      const isWhole = at === value;
      if (isWhole && matched === sought.length) {
        reader.at = value;
        return size === 0 ? null : reader.raw(size - 1);
      }
      if (!isWhole && (matched === sought.length || (chunk[at] as number) > sought.charCodeAt(matched)))
        return undefined;
    }
    reader.at = value + Math.max(0, size - 1);
  }
  return undefined;
}
