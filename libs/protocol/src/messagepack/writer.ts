const utf8 = new TextEncoder();
/** A larger buffer is released after its frame. */
const KEPT_BYTES = 64 * 1024;
/** Up to this length, writing an ASCII string by hand is faster than a `TextEncoder`. */
const SHORT = 24;

/**
 * Head bytes of strings, arrays and maps: the short form with its maximum size, then those with a size of 1, 2 and 4
 * bytes.
 */
interface Heads {
  short: number;
  most: number;
  wide1?: number;
  wide2: number;
  wide4: number;
}
const TEXT: Heads = { short: 0xa0, most: 31, wide1: 0xd9, wide2: 0xda, wide4: 0xdb };
const ARRAY: Heads = { short: 0x90, most: 15, wide2: 0xdc, wide4: 0xdd };
const MAP: Heads = { short: 0x80, most: 15, wide2: 0xde, wide4: 0xdf };

/** Writes MessagePack in order, into a reusable buffer that grows. */
export class Writer {
  #bytes = new Uint8Array(KEPT_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  /** Returns a copy of the written bytes and empties the writer. */
  take(): Uint8Array {
    const written = this.#bytes.slice(0, this.#at);
    this.#at = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#replace(new Uint8Array(KEPT_BYTES));
    return written;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  array(size: number): void {
    this.#reserve(5);
    this.#head(ARRAY, size);
  }

  map(size: number): void {
    this.#reserve(5);
    this.#head(MAP, size);
  }

  /**
   * Writes a safe integer in the fewest bytes, and everything else as a double, including -0, which no integer can
   * represent.
   */
  number(value: number): void {
    this.#reserve(9);
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.#double(value);
    else if (value >= 0) this.#positive(value);
    else this.#negative(value);
  }

  /** A lone surrogate, which UTF-8 cannot encode, becomes U+FFFD. */
  text(value: string): void {
    this.#reserve(5 + value.length * 3);
    if (value.length <= SHORT && this.#shortText(value)) return;
    const head = this.#at;
    const { written } = utf8.encodeInto(value, this.#bytes.subarray(head + 5));
    this.#head(TEXT, written);
    this.#bytes.copyWithin(this.#at, head + 5, head + 5 + written);
    this.#at += written;
  }

  #shortText(value: string): boolean {
    const start = this.#at + 1;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      this.#bytes[start + i] = code;
    }
    this.#bytes[this.#at] = TEXT.short | value.length;
    this.#at = start + value.length;
    return true;
  }

  #head({ short, most, wide1, wide2, wide4 }: Heads, size: number): void {
    if (size <= most) this.#bytes[this.#at++] = short | size;
    else if (size <= 0xff && wide1 !== undefined) this.#wide(wide1, size, 1);
    else if (size <= 0xffff) this.#wide(wide2, size, 2);
    else this.#wide(wide4, size, 4);
  }

  #positive(value: number): void {
    if (value <= 0x7f) this.#bytes[this.#at++] = value;
    else if (value <= 0xff) this.#wide(0xcc, value, 1);
    else if (value <= 0xffff) this.#wide(0xcd, value, 2);
    else if (value <= 0xffffffff) this.#wide(0xce, value, 4);
    else this.#wide8(0xcf, value);
  }

  #negative(value: number): void {
    if (value >= -0x20) this.#bytes[this.#at++] = value & 0xff;
    else if (value >= -0x80) this.#wide(0xd0, value, 1);
    else if (value >= -0x8000) this.#wide(0xd1, value, 2);
    else if (value >= -0x80000000) this.#wide(0xd2, value, 4);
    else this.#wide8(0xd3, value);
  }

  /** The two's complement of a negative number has the same bytes as an unsigned one. */
  #wide(head: number, value: number, size: 1 | 2 | 4): void {
    this.#bytes[this.#at] = head;
    if (size === 1) this.#view.setUint8(this.#at + 1, value);
    else if (size === 2) this.#view.setUint16(this.#at + 1, value);
    else this.#view.setUint32(this.#at + 1, value);
    this.#at += 1 + size;
  }

  /** Written as two halves of 32 bits, each taken modulo 2^32: exact for a safe integer, and without a BigInt. */
  #wide8(head: number, value: number): void {
    this.#bytes[this.#at] = head;
    this.#view.setUint32(this.#at + 1, Math.floor(value / 2 ** 32));
    this.#view.setUint32(this.#at + 5, value);
    this.#at += 9;
  }

  #double(value: number): void {
    this.#bytes[this.#at] = 0xcb;
    this.#view.setFloat64(this.#at + 1, value);
    this.#at += 9;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + bytes));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#replace(larger);
  }

  #replace(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
