import { ImError } from '@chasqui/domain';

/** A request or an answer of RocketMQ's remoting protocol, which name servers and brokers use among themselves. */
export interface RemotingFrame {
  /** Request: the command. Answer: 0, or why it failed. */
  code: number;
  /** Correlates an answer with its request. */
  opaque: number;
  /** Parameters, all as text. */
  fields: Readonly<Record<string, string>>;
  /** The reason of a failure, as text. */
  remark: string;
  isAnswer: boolean;
  body: Buffer;
}

/** No answer that we ask for is larger. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;
/** `MQVersion.V5_0_0`: the oldest version whose answers we can read. */
const PROTOCOL_VERSION = 400;
const ANSWER_FLAG = 1;

/** Total length, length of the header (its first byte, zero, means JSON), header, body. */
export function encodeRequest(request: Pick<RemotingFrame, 'code' | 'opaque' | 'fields' | 'body'>): Buffer {
  const { code, opaque, fields, body } = request;
  const header = Buffer.from(
    JSON.stringify({
      code,
      opaque,
      extFields: fields,
      language: 'OTHER',
      version: PROTOCOL_VERSION,
      flag: 0,
      serializeTypeCurrentRPC: 'JSON',
    }),
  );
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(4 + header.length + body.length, 0);
  lengths.writeUInt32BE(header.length, 4);
  return Buffer.concat([lengths, header, body]);
}

/** Splits received bytes into frames. Errors: `internal` if it is not this protocol. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  read(data: Buffer): RemotingFrame[] {
    this.#rest = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    const frames: RemotingFrame[] = [];
    for (;;) {
      if (this.#rest.length < 4) return frames;
      const length = this.#rest.readUInt32BE(0);
      if (length < 4 || length > MAX_FRAME_BYTES) throw notThisProtocol(`a frame of ${length} bytes`);
      if (this.#rest.length < 4 + length) return frames;
      frames.push(decodeFrame(this.#rest.subarray(4, 4 + length)));
      this.#rest = this.#rest.subarray(4 + length);
    }
  }
}

function decodeFrame(frame: Buffer): RemotingFrame {
  const headerLength = frame.readUInt32BE(0);
  if (headerLength > frame.length - 4) throw notThisProtocol('a header in another encoding');
  const header = parseHeader(frame.subarray(4, 4 + headerLength).toString());
  const { code = 0, opaque = 0, flag = 0, remark, extFields } = header;
  return {
    code,
    opaque,
    remark: remark ?? '',
    fields: extFields ?? {},
    isAnswer: (flag & ANSWER_FLAG) !== 0,
    body: frame.subarray(4 + headerLength),
  };
}

interface Header {
  code?: number;
  opaque?: number;
  flag?: number;
  remark?: string | null;
  extFields?: Record<string, string> | null;
}

function parseHeader(text: string): Header {
  try {
    return JSON.parse(text) as Header;
  } catch (error) {
    throw notThisProtocol('a header that is not JSON', error);
  }
}

function notThisProtocol(what: string, cause?: unknown): ImError {
  return new ImError('internal', `the server is not RocketMQ: ${what}`, {}, cause);
}
