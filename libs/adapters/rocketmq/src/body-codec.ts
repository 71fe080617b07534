import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { ImError } from '@chasqui/domain';

/** A body as RocketMQ stores it. */
export interface EncodedBody {
  body: Buffer;
  /** Stored with the message, and needed by `decodeBody`. */
  properties: Readonly<Record<string, string>>;
}

/** Smaller bodies are not compressed: it would cost more than it saves. */
const DEFLATE_FROM_BYTES = 64 * 1024;
/** A broker accepts 4 MiB, including properties. */
const MAX_BYTES = 4 * 1024 * 1024 - 32 * 1024;
const ENCODING = 'encoding';
const DEFLATED = 'deflate';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** UTF-8, deflated if large. Errors: `content_too_large` if the result is more than a broker accepts. */
export async function encodeBody(text: string): Promise<EncodedBody> {
  const plain = Buffer.from(text);
  if (plain.length < DEFLATE_FROM_BYTES) return { body: plain, properties: {} };
  const body = await deflate(plain, { level: 1 });
  if (body.length > MAX_BYTES)
    throw new ImError('content_too_large', `the bus message is too large: ${plain.length} bytes`);
  return { body, properties: { [ENCODING]: DEFLATED } };
}

/** Errors: `content_invalid` if `encodeBody` did not make it. */
export async function decodeBody({ body, properties }: EncodedBody): Promise<string> {
  if (properties[ENCODING] !== DEFLATED) return body.toString();
  try {
    return (await inflate(body, { maxOutputLength: MAX_DECODED_BYTES })).toString();
  } catch (error) {
    throw new ImError('content_invalid', 'the bus message cannot be read', {}, error);
  }
}

/** Above every publisher's bound: a larger body cannot be one of ours. */
const MAX_DECODED_BYTES = 64 * 1024 * 1024;
