import { ByteReader, ByteWriter } from './bytes.ts';
import { filterOf, hashOf } from './filter.ts';
import { readFirstKeys, writeFirstKeys } from './first-keys.ts';
import { NUMBER_WIDTH } from './keys.ts';

/**
 * Consecutive chunks of a run, and how they are found: by their first keys, and by a filter of all their keys and of the
 * numbers that these begin with.
 */
export interface Section {
  firstKeys: readonly string[];
  /** The chunks' numbers. */
  chunks: readonly number[];
  filter: Uint8Array;
}

const CHUNKS = 64;

/** Gathers the chunks of a section. */
export class SectionWriter {
  #firstKeys: string[] = [];
  #chunks: number[] = [];
  #hashes: number[] = [];
  #lastPrefix = -1;

  get isFull(): boolean {
    return this.#chunks.length >= CHUNKS;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  get firstKey(): string {
    return this.#firstKeys[0] ?? '';
  }

  /** The filter knows whole keys, and their first numbers, of which those of successive keys are often equal. */
  note(key: string): void {
    this.#hashes.push(hashOf(key, key.length));
    const prefix = hashOf(key, NUMBER_WIDTH);
    if (prefix !== this.#lastPrefix) this.#hashes.push(prefix);
    this.#lastPrefix = prefix;
  }

  add(firstKey: string, chunk: number): void {
    this.#firstKeys.push(firstKey);
    this.#chunks.push(chunk);
  }

  finish(): Buffer {
    const writer = new ByteWriter();
    const filter = filterOf(this.#hashes);
    writer.varint(filter.length);
    writer.raw(filter);
    writeFirstKeys(writer, this.#firstKeys, this.#chunks);
    this.#firstKeys = [];
    this.#chunks = [];
    this.#hashes = [];
    this.#lastPrefix = -1;
    return writer.take();
  }
}

export function sectionOf(bytes: Buffer): Section {
  const reader = new ByteReader(bytes);
  const filter = reader.raw(reader.varint());
  const { firstKeys, numbers: chunks } = readFirstKeys(reader);
  return { firstKeys, chunks, filter };
}

/** The last place whose key is not above this one; 0 if there is none. */
export function placeOf(firstKeys: readonly string[], key: string): number {
  let low = 0;
  let high = firstKeys.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((firstKeys[middle] as string) <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}
