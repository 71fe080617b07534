/** Appends values to a buffer that grows. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(8_192);
  length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = value;
  }

  /** An integer from 0 to 2^53 - 1: seven bits a byte, the lowest first. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.length++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.length++] = rest;
  }

  /** An integer from -2^52 to 2^52 - 1. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** Its length in bytes, then UTF-8. */
  text(value: string): void {
    const most = value.length * 3;
    this.#reserve(most + 8);
    // Most texts are short and ASCII: their length takes one byte, and equals the number of characters.
    const start = this.length + 1;
    const size = this.#bytes.write(value, start, most);
    if (size < 0x80) {
      this.#bytes[this.length] = size;
      this.length = start + size;
      return;
    }
    this.varint(size);
    this.length += this.#bytes.write(value, this.length, most);
  }

  /** One byte a character, without a length. */
  latin1(value: string, from: number): void {
    this.#reserve(value.length);
    for (let i = from; i < value.length; i++) this.#bytes[this.length++] = value.charCodeAt(i);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.length));
    this.length = 0;
    return bytes;
  }

  /** Copies what was written to a place in a buffer; the writer is empty afterwards. */
  moveTo(buffer: Buffer, at: number): void {
    this.#bytes.copy(buffer, at, 0, this.length);
    this.length = 0;
  }

  #reserve(size: number): void {
    if (this.length + size <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.length + size));
    this.#bytes.copy(grown, 0, 0, this.length);
    this.#bytes = grown;
  }
}

/** Reads what a `ByteWriter` wrote. Past the end it reads zeros and empty texts. */
export class ByteReader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.at++] ?? 0;
  }

  varint(): number {
    let value = this.byte();
    if (value < 0x80) return value;
    value -= 0x80;
    for (let unit = 0x80; ; unit *= 0x80) {
      const byte = this.byte();
      if (byte < 0x80) return value + byte * unit;
      value += (byte - 0x80) * unit;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  text(): string {
    const size = this.varint();
    this.at += size;
    return this.#bytes.toString('utf8', this.at - size, this.at);
  }

  latin1(size: number): string {
    this.at += size;
    return this.#bytes.toString('latin1', this.at - size, this.at);
  }

  raw(size: number): Buffer {
    this.at += size;
    return this.#bytes.subarray(this.at - size, this.at);
  }
}
