import { createHash } from 'node:crypto';
import { type Attachment, type AttachmentOutcome, defined, ImError } from '@chasqui/domain';
import type { UploadContent } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';
import { isMedia, mediaTypeOf, SNIFFED_BYTES } from './media-type.ts';

/**
 * Checks the bytes of a complete upload: only if they are what was announced they become a blob, and the attachment
 * *ready*. May be repeated and run twice at once: whoever is killed in between leaves an upload, or a blob that is
 * checked again. Errors: `upload_conflict` if bytes are missing.
 */
export async function checkUpload(
  { attachments, blobs, clock }: Pick<ApiContext, 'attachments' | 'blobs' | 'clock'>,
  uploads: UploadContent,
  attachment: Attachment,
): Promise<void> {
  const { id, size } = attachment;
  const there = await uploads.size(id);
  if (there < size) {
    throw new ImError('upload_conflict', `${there} of ${size} bytes are there: upload the rest`, {
      field: 'attachmentId',
    });
  }
  await uploads.seal(id, size);
  const outcome = await outcomeOf(uploads, attachment);
  if (outcome.state === 'ready') await uploads.finish(id);
  const settled = await attachments.settle(id, outcome, clock.now());
  // Not before: another check of the same upload may have found it ready.
  if (settled?.state === 'refused') await blobs.remove(id);
}

async function outcomeOf(
  uploads: UploadContent,
  { id, size, sha256, type, media }: Attachment,
): Promise<AttachmentOutcome> {
  const hash = createHash('sha256');
  const start: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (await uploads.read(id)) ?? []) {
    if (bytes < SNIFFED_BYTES) start.push(piece);
    bytes += piece.length;
    hash.update(piece);
  }
  if (bytes !== size || hash.digest('hex') !== sha256) return { state: 'refused', reason: 'checksum_wrong' };
  const found = mediaTypeOf(Buffer.concat(start), type);
  return { state: 'ready', type: found, ...(isMedia(found) && defined({ media })) };
}
