import { ImError } from '@chasqui/domain';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Up to this length, reading an ASCII string by hand is faster than a `TextDecoder`. */
const SHORT = 24;

/** Reads bytes in order. Errors: `invalid_json` if they end too early. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** An unsigned number of 1, 2 or 4 bytes. */
  uint(size: number): number {
    const at = this.#skip(size);
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  /** A signed number of 1, 2 or 4 bytes. */
  int(size: number): number {
    const at = this.#skip(size);
    if (size === 1) return this.#view.getInt8(at);
    return size === 2 ? this.#view.getInt16(at) : this.#view.getInt32(at);
  }

  /** An integer of eight bytes. Infinite: beyond the exact range of a double. */
  int64(isSigned: boolean): number {
    const at = this.#skip(8);
    const value = isSigned ? this.#view.getBigInt64(at) : this.#view.getBigUint64(at);
    const safe = Number(value);
    return Number.isSafeInteger(safe) ? safe : Number.POSITIVE_INFINITY;
  }

  float(size: 4 | 8): number {
    const at = this.#skip(size);
    return size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  /** Null: not valid UTF-8. */
  text(length: number): string | null {
    const start = this.#skip(length);
    if (length <= SHORT) {
      let text = '';
      for (let at = start; at < this.#at; at++) {
        const byte = this.#bytes[at] as number;
        if (byte > 0x7f) return this.#decoded(start);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return this.#decoded(start);
  }

  #decoded(start: number): string | null {
    try {
      return utf8.decode(this.#bytes.subarray(start, this.#at));
    } catch {
      return null;
    }
  }

  #skip(length: number): number {
    const at = this.#at;
    if (length > this.left) throw new ImError('invalid_json', 'the MessagePack value ends too early');
    this.#at = at + length;
    return at;
  }
}
