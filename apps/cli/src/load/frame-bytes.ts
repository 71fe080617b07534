const TEXT = 0x81;
const PONG = 0x8a;
const MASKED = 0x80;

/**
 * A client's frame of ASCII text (RFC 6455, section 5.2). Its mask is zero, which the format allows: the load client
 * need not spend CPU on masking.
 */
export function textFrame(text: string): Buffer {
  return frame(TEXT, Buffer.from(text, 'latin1'));
}

export function pongFrame(payload: Uint8Array): Buffer {
  return frame(PONG, payload);
}

function frame(head: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const bytes = Buffer.alloc(2 + extended + 4 + length);
  bytes[0] = head;
  bytes[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) bytes.writeUInt16BE(length, 2);
  if (extended === 8) bytes.writeBigUInt64BE(BigInt(length), 2);
  bytes.set(payload, 2 + extended + 4);
  return bytes;
}

export interface FrameReader {
  text(payload: Buffer): void;
  ping(payload: Buffer): void;
  /** `code` 1005: the server gave none. */
  close(code: number): void;
}

/** Splits a server's byte stream into frames. Servers here do not fragment; a fragmented message is refused. */
export class FrameCutter {
  readonly #reader: FrameReader;
  #rest: Buffer | null = null;

  constructor(reader: FrameReader) {
    this.#reader = reader;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const start = payloadStart(bytes, at);
      if (start === -1) break;
      const end = start + payloadLength(bytes, at);
      if (end > bytes.length) break;
      this.#take(bytes[at] ?? 0, bytes.subarray(start, end));
      at = end;
    }
    this.#rest = at === bytes.length ? null : bytes.subarray(at);
  }

  #take(head: number, payload: Buffer): void {
    const opcode = head & 0x0f;
    if ((head & 0x80) === 0 || opcode === 0) throw new Error('a fragmented frame');
    if (opcode === 1) this.#reader.text(payload);
    else if (opcode === 9) this.#reader.ping(payload);
    else if (opcode === 8) this.#reader.close(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
  }
}

/** Where the payload of the frame at `at` begins; -1: the header is incomplete. */
function payloadStart(bytes: Buffer, at: number): number {
  if (bytes.length < at + 2) return -1;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
  return bytes.length < start ? -1 : start;
}

function payloadLength(bytes: Buffer, at: number): number {
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  if (short < 126) return short;
  return short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
}
