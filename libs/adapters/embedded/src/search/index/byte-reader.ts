/** Reads what a `ByteWriter` wrote. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** Where the next number begins. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get hasMore(): boolean {
    return this.at < this.bytes.length;
  }

  number(): number {
    let byte = this.bytes[this.at++] as number;
    let value = byte & 127;
    for (let unit = 128; byte >= 128; unit *= 128) {
      byte = this.bytes[this.at++] as number;
      value += (byte & 127) * unit;
    }
    return value;
  }
}
