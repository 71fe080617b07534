import { createHash } from 'node:crypto';
import { type Attachment, type AttachmentOutcome, defined, ImError, LARGEST_SIDE, squareKey } from '@chasqui/domain';
import type { MediaFile } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';

/**
 * What becomes of an upload that is to be a profile picture: squares that are encoded here from its pixels, and nothing else
 * of its bytes. They have names that follow from the id, so they may be made again. Errors: `engine_unavailable` if nothing
 * here decodes pictures.
 */
export async function preparePicture(
  { blobs, attachmentMetrics }: Pick<ApiContext, 'blobs' | 'attachmentMetrics'>,
  file: MediaFile,
  { id, type }: Attachment,
): Promise<AttachmentOutcome> {
  const { media, thumbnails } = await file.squares(type);
  const { omitted, thumbHash } = media;
  attachmentMetrics.looks.inc({ result: omitted ?? 'seen' });
  if (omitted === 'unavailable' && DECODED.test(type)) {
    throw new ImError('engine_unavailable', 'this server cannot decode pictures: its log says what it lacks');
  }
  for (const { size, bytes } of thumbnails) await blobs.put(squareKey(id, size), bytes);
  const largest = thumbnails.find(({ size }) => size === LARGEST_SIDE);
  if (largest === undefined) return { state: 'refused', reason: 'not_a_picture' };
  const sha256 = createHash('sha256').update(largest.bytes).digest('hex');
  const stored = { size: largest.bytes.length, sha256 };
  return { state: 'ready', type: 'image/webp', stored, media: defined({ thumbHash }) };
}

/** What is decoded where anything is. */
const DECODED = /^image\/(?:jpeg|png|webp|gif|avif)$/;
