/**
 * Reads one protobuf message field by field: `while (reader.next()) switch (reader.field) …`. Fields that are not read
 * are skipped, so that a newer server may add fields. Errors: `RangeError` if the message is cut off or malformed.
 */
export class ProtoReader {
  /** The number of the current field. */
  field = 0;
  readonly #data: Buffer;
  #at = 0;
  /** The wire type of the current field while it is unread. */
  #pending: number | null = null;

  constructor(data: Buffer) {
    this.#data = data;
  }

  /** Advances to the next field. False at the end of the message. */
  next(): boolean {
    if (this.#pending !== null) this.#skip(this.#pending);
    if (this.#at >= this.#data.length) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.#pending = tag % 8;
    return true;
  }

  /** Whole numbers above 2^53 lose precision. */
  uint(): number {
    this.#take(0);
    return this.#varint();
  }

  bool(): boolean {
    return this.uint() !== 0;
  }

  /** A view of the message, not a copy. */
  bytes(): Buffer {
    this.#take(2);
    return this.#delimited();
  }

  string(): string {
    return this.bytes().toString();
  }

  message(): ProtoReader {
    return new ProtoReader(this.bytes());
  }

  #take(wireType: number): void {
    if (this.#pending !== wireType) throw new RangeError(`field ${this.field} has wire type ${this.#pending}`);
    this.#pending = null;
  }

  #skip(wireType: number): void {
    this.#pending = null;
    if (wireType === 0) this.#varint();
    else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.#delimited();
    else if (wireType === 5) this.#advance(4);
    else throw new RangeError(`field ${this.field} has the unknown wire type ${wireType}`);
  }

  #delimited(): Buffer {
    const length = this.#varint();
    const start = this.#at;
    this.#advance(length);
    return this.#data.subarray(start, this.#at);
  }

  #advance(bytes: number): void {
    if (this.#at + bytes > this.#data.length) throw new RangeError('the message ends inside a field');
    this.#at += bytes;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#data[this.#at++];
      if (byte === undefined || factor > 2 ** 63) throw new RangeError('the message ends inside a number');
      if (byte < 128) return value + byte * factor;
      value += (byte - 128) * factor;
    }
  }
}
