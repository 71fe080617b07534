import { Readable } from 'node:stream';
import type { BlobKey, BlobStore, ByteRange } from '@chasqui/ports';

/**
 * A range of a blob as the body of an answer; null: there is no such blob. The answer to HEAD has no body, but the
 * framework reads it to its end, so there it is one byte.
 */
export async function blobBody(
  blobs: Pick<BlobStore, 'get'>,
  key: BlobKey,
  { from, to }: ByteRange,
  method: string,
): Promise<Readable | null> {
  const pieces = await blobs.get(key, { from, to: method === 'HEAD' ? from : to });
  return pieces === null ? null : Readable.from(pieces);
}
