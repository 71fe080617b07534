import { Readable } from 'node:stream';
import type { BlobKey, BlobStore, ByteRange } from '@chasqui/ports';
import { counted } from './counted-bytes.ts';

/**
 * A blob, or a range of it, as the body of an answer; null: there is no such blob. The answer to HEAD has no body, but the
 * framework reads it to its end, so there it is one byte. `told`: of the bytes of each piece.
 */
export async function blobBody(
  blobs: Pick<BlobStore, 'get'>,
  key: BlobKey,
  range: ByteRange | undefined,
  method: string,
  told: (bytes: number) => void = () => undefined,
): Promise<Readable | null> {
  const { from = 0 } = range ?? {};
  const pieces = await blobs.get(key, method === 'HEAD' ? { from, to: from } : range);
  return pieces === null ? null : Readable.from(counted(pieces, told));
}
