import { createHash } from 'node:crypto';
import type { Attachment } from '@chasqui/domain';
import type { UploadContent } from '@chasqui/ports';
import { mediaTypeOf, SNIFFED_BYTES } from './media-type.ts';

/** The type of an upload by its content; null: its bytes are not those that were announced. */
export async function typeOfUpload(
  uploads: UploadContent,
  { id, size, sha256, type }: Attachment,
): Promise<string | null> {
  const hash = createHash('sha256');
  const start: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (await uploads.read(id)) ?? []) {
    if (bytes < SNIFFED_BYTES) start.push(piece);
    bytes += piece.length;
    hash.update(piece);
  }
  return bytes === size && hash.digest('hex') === sha256 ? mediaTypeOf(Buffer.concat(start), type) : null;
}

/** The bytes that were announced and checked; not what a late writer has added behind them. */
export async function* piecesOfUpload(uploads: UploadContent, { id, size }: Attachment): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const piece of (await uploads.read(id)) ?? []) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) return;
  }
}
