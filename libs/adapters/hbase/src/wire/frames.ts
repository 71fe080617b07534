import { ProtoWriter } from './proto-writer.ts';

/** Maximum length of a frame: a longer one cannot come from HBase. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** Splits a byte stream into HBase's frames: four bytes of length, then the content. */
export class FrameSplitter {
  #parts: Buffer[] = [];
  #size = 0;
  /** Bytes needed to know the current frame's length, or to complete it. */
  #needed = 4;

  /** Returns the frames that `piece` completes, in order. Errors: `RangeError` if a length is invalid. */
  add(piece: Buffer): Buffer[] {
    this.#parts.push(piece);
    this.#size += piece.length;
    if (this.#size < this.#needed) return [];
    const data = this.#parts.length === 1 ? piece : Buffer.concat(this.#parts);
    const frames: Buffer[] = [];
    let at = 0;
    this.#needed = 4;
    while (data.length - at >= 4) {
      const length = data.readUInt32BE(at);
      if (length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${length} bytes`);
      if (data.length - at < 4 + length) {
        this.#needed = 4 + length;
        break;
      }
      frames.push(data.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.#parts = at < data.length ? [data.subarray(at)] : [];
    this.#size = data.length - at;
    return frames;
  }
}

/** The messages of a frame, each prefixed with its length as a varint. Errors: `RangeError` if one is cut off. */
export function delimitedMessages(frame: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < frame.length; ) {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = frame[at++];
      if (byte === undefined || shift > 28) throw new RangeError('the frame ends inside a length');
      length |= (byte & 0x7f) << shift;
      if (byte < 128) break;
    }
    if (length < 0 || at + length > frame.length) throw new RangeError('the frame ends inside a message');
    messages.push(frame.subarray(at, at + length));
    at += length;
  }
  return messages;
}

/** The frame of these messages. */
export function frameOf(messages: readonly Buffer[]): Buffer {
  const prefixes = messages.map(({ length }) => varint(length));
  const size = messages.reduce((sum, { length }, i) => sum + length + (prefixes[i]?.length ?? 0), 0);
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32BE(size);
  return Buffer.concat([head, ...messages.flatMap((message, i) => [prefixes[i] ?? head, message])]);
}

/** The header of a call. Includes our timeout, so that a server that recovers drops calls that have expired. */
export function requestHeader(callId: number, method: string, timeoutMs: number): Buffer {
  return new ProtoWriter(64).uint(1, callId).string(3, method).bool(4, true).uint(7, timeoutMs).finish();
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
