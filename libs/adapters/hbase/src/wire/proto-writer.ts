/** Wire types of protobuf that HBase uses. Source: https://protobuf.dev/programming-guides/encoding/. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Writes protobuf messages into one growing buffer. Undefined fields are left out. */
export class ProtoWriter {
  #buffer: Buffer;
  #end = 0;

  constructor(sizeHint = 256) {
    this.#buffer = Buffer.allocUnsafe(sizeHint);
  }

  /** The written bytes. The writer must not be used afterwards. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#end);
  }

  /** A whole number from 0 to 2^53 - 1. */
  uint(field: number, value: number | undefined): this {
    if (value === undefined) return this;
    this.#reserve(20);
    this.#varint((field << 3) | VARINT);
    this.#varint(value);
    return this;
  }

  bool(field: number, value: boolean | undefined): this {
    return this.uint(field, value === undefined ? undefined : Number(value));
  }

  bytes(field: number, value: Buffer | undefined): this {
    if (value === undefined) return this;
    this.#head(field, value.length);
    value.copy(this.#buffer, this.#end);
    this.#end += value.length;
    return this;
  }

  string(field: number, value: string | undefined): this {
    if (value === undefined) return this;
    const length = Buffer.byteLength(value);
    this.#head(field, length);
    this.#buffer.write(value, this.#end);
    this.#end += length;
    return this;
  }

  /** A nested message: `write` writes its fields. */
  message(field: number, write: () => void): this {
    this.#reserve(16);
    this.#varint((field << 3) | LENGTH_DELIMITED);
    // The length is known only afterwards: one byte is reserved, which is usually enough; longer messages are moved.
    const start = this.#end + 1;
    this.#end = start;
    write();
    const length = this.#end - start;
    const extra = varintLength(length) - 1;
    if (extra > 0) {
      this.#reserve(extra);
      this.#buffer.copyWithin(start + extra, start, this.#end);
    }
    this.#end = start - 1;
    this.#varint(length);
    this.#end += length;
    return this;
  }

  #head(field: number, length: number): void {
    this.#reserve(20 + length);
    this.#varint((field << 3) | LENGTH_DELIMITED);
    this.#varint(length);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#end++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#end++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#end + bytes));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
  }
}

/** Number of bytes of a whole number as a varint. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) length++;
  return length;
}
