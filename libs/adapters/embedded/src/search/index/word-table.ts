import { IntList } from './int-list.ts';
import { compareWords, type Word, writeWord } from './words.ts';

/** A word is sorted by its first bytes: two digits of three bytes. */
const DIGIT_BYTES = 3;
const RADIX_BITS = 12;
const RADIX = 2 ** RADIX_BITS;

const FIRST_BYTES = 64 * 1024;
const FIRST_PLACES = 4 * 1024;
const FREE = -1;

/**
 * Numbers words from 0 on, and keeps them in one piece of memory: a map of strings takes several times as long, and
 * leaves much to collect.
 */
export class WordTable {
  #bytes = new Uint8Array(FIRST_BYTES);
  readonly #ends = new IntList();
  readonly #hashes = new IntList();
  /** Twice as many places as words, or more: a word is at the first place from its hash on that is its own. */
  #places = new Int32Array(FIRST_PLACES).fill(FREE);

  get size(): number {
    return this.#ends.length;
  }

  at(word: number): Word {
    return { bytes: this.#bytes, at: this.#startOf(word), end: this.#ends.at(word) };
  }

  /** Undefined: it has no number. */
  find(text: string): number | undefined {
    const end = this.#write(text);
    const word = this.#places[this.#placeOf(this.#hash(end), end)] as number;
    return word === FREE ? undefined : word;
  }

  /** The word's number; a new one if it has none. */
  obtain(text: string): number {
    const end = this.#write(text);
    const hash = this.#hash(end);
    const place = this.#placeOf(hash, end);
    const known = this.#places[place] as number;
    if (known !== FREE) return known;
    const word = this.#ends.push(end);
    this.#hashes.push(hash);
    this.#places[place] = word;
    if (2 * this.size > this.#places.length) this.#spread();
    return word;
  }

  /**
   * The numbers of the words in their order. Comparing tens of thousands of them takes several times as long as counting
   * their first six bytes, which tell nearly all apart.
   */
  sorted(): Uint32Array {
    const digits = [this.#digits(DIGIT_BYTES), this.#digits(0)];
    let order = Uint32Array.from({ length: this.size }, (_, word) => word);
    for (const digit of digits) {
      for (const shift of [0, RADIX_BITS]) order = sortedBy(order, digit, shift);
    }
    const isLike = (a: number, b: number) => digits.every((digit) => digit[a] === digit[b]);
    for (let start = 0, end = 1; start < order.length; start = end++) {
      while (end < order.length && isLike(order[start] as number, order[end] as number)) end++;
      if (end - start > 1) order.subarray(start, end).sort((a, b) => compareWords(this.at(a), this.at(b)));
    }
    return order;
  }

  /** Three bytes of each word. A byte that a word does not have counts as 0. */
  #digits(from: number): Uint32Array {
    const digits = new Uint32Array(this.size);
    for (let word = 0; word < digits.length; word++) {
      const end = this.#ends.at(word);
      for (let at = this.#startOf(word) + from, rest = DIGIT_BYTES; rest > 0; at++, rest--) {
        digits[word] = ((digits[word] as number) << 8) | (at < end ? (this.#bytes[at] as number) : 0);
      }
    }
    return digits;
  }

  #startOf(word: number): number {
    return word === 0 ? 0 : this.#ends.at(word - 1);
  }

  /** Writes a word behind all others; returns where it ends. */
  #write(text: string): number {
    const start = this.#startOf(this.size);
    if (start + 3 * text.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (start + 3 * text.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return writeWord(text, this.#bytes, start);
  }

  /** Of the word behind all others (FNV-1a). */
  #hash(end: number): number {
    let hash = 0x811c9dc5;
    for (let at = this.#startOf(this.size); at < end; at++) {
      hash = Math.imul(hash ^ (this.#bytes[at] as number), 0x01000193);
    }
    return hash ^ (hash >>> 15);
  }

  /** Where the word behind all others is, or would be. */
  #placeOf(hash: number, end: number): number {
    const start = this.#startOf(this.size);
    for (let place = hash & (this.#places.length - 1); ; place = (place + 1) & (this.#places.length - 1)) {
      const word = this.#places[place] as number;
      if (word === FREE || (this.#hashes.at(word) === hash && this.#isSame(word, start, end))) return place;
    }
  }

  #isSame(word: number, start: number, end: number): boolean {
    const from = this.#startOf(word);
    if (this.#ends.at(word) - from !== end - start) return false;
    for (let at = start; at < end; at++) if (this.#bytes[at] !== this.#bytes[from + at - start]) return false;
    return true;
  }

  #spread(): void {
    this.#places = new Int32Array(2 * this.#places.length).fill(FREE);
    for (let word = 0; word < this.size; word++) {
      let place = this.#hashes.at(word) & (this.#places.length - 1);
      while (this.#places[place] !== FREE) place = (place + 1) & (this.#places.length - 1);
      this.#places[place] = word;
    }
  }
}

/** Stable: words of the same digit stay in order. */
function sortedBy(order: Uint32Array, digits: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(RADIX + 1);
  for (const digit of digits) {
    const next = ((digit >> shift) & (RADIX - 1)) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let at = 1; at <= RADIX; at++) starts[at] = (starts[at] as number) + (starts[at - 1] as number);
  const sorted = new Uint32Array(order.length);
  for (const word of order) {
    const digit = ((digits[word] as number) >> shift) & (RADIX - 1);
    const at = starts[digit] as number;
    sorted[at] = word;
    starts[digit] = at + 1;
  }
  return sorted;
}
