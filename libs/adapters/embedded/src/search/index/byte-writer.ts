const FIRST_SIZE = 16 * 1024;
/** Up to this length, copying byte by byte is faster than asking for a copy. */
const SHORT = 64;

export interface NumberList {
  readonly length: number;
  at(index: number): number | undefined;
}

/** Appends numbers and bytes to a buffer that grows. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_SIZE);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first. */
  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    for (; rest >= 2 ** 31; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    for (; rest >= 128; rest >>>= 7) this.#bytes[this.#length++] = (rest & 127) | 128;
    this.#bytes[this.#length++] = rest;
  }

  /** The number of bytes, then the bytes. */
  bytes(bytes: Uint8Array, from: number, to: number): void {
    this.number(to - from);
    this.#reserve(to - from);
    if (to - from > SHORT) {
      this.#bytes.set(bytes.subarray(from, to), this.#length);
      this.#length += to - from;
    } else for (let at = from; at < to; at++) this.#bytes[this.#length++] = bytes[at] as number;
  }

  /** As `bytes`: what another writer has, which is empty then. */
  all(other: ByteWriter): void {
    this.bytes(other.#bytes, 0, other.#length);
    other.#length = 0;
  }

  /** Numbers that ascend: each as its distance from the one before, the first from `start`. */
  ascending(list: NumberList, start = 0): void {
    let last = start;
    for (let at = 0; at < list.length; at++) {
      const next = list.at(at) as number;
      this.number(next - last);
      last = next;
    }
  }

  /** A copy of what was written; the writer is empty again. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
