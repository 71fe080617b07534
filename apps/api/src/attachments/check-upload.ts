import { type Attachment, type AttachmentOutcome, ImError } from '@chasqui/domain';
import type { UploadContent } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';
import { isMedia } from './media-type.ts';
import { prepareMedia } from './prepare-media.ts';
import { preparePicture } from './prepare-picture.ts';
import { refusalOfScan } from './scan-upload.ts';
import { piecesOfUpload, typeOfUpload } from './uploaded-bytes.ts';

type CheckContext = Pick<
  ApiContext,
  'attachments' | 'blobs' | 'clock' | 'mediaFiles' | 'scanner' | 'settings' | 'logger' | 'attachmentMetrics'
>;

/**
 * Checks the bytes of a complete upload: only if they are what was announced, and nothing forbids them, they become a
 * blob, and the attachment *ready*. May be repeated and run twice at once: whoever is killed in between leaves an upload,
 * or a blob that is checked again. Errors: `upload_conflict` if bytes are missing; `engine_unavailable` if the scanner
 * must be asked and does not answer; `overloaded`.
 *
 * The way of an upload: complete → sealed → digest and type → scanned → metadata taken out → looked at → ready. The uploaded
 * bytes stay what they are until it is ready, so that each step can be repeated.
 */
export async function checkUpload(
  context: CheckContext,
  uploads: UploadContent,
  attachment: Attachment,
): Promise<void> {
  const { attachments, attachmentMetrics, blobs, clock } = context;
  const { id, size } = attachment;
  const there = await uploads.size(id);
  if (there < size) {
    throw new ImError('upload_conflict', `${there} of ${size} bytes are there: upload the rest`, {
      field: 'attachmentId',
    });
  }
  await uploads.seal(id, size);
  attachmentMetrics.bytes('checked', size);
  const outcome = await outcomeOf(context, uploads, attachment);
  if (outcome.state === 'ready' && outcome.stored === undefined) await uploads.finish(id);
  const settled = await attachments.settle(id, outcome, clock.now());
  if (settled !== null) attachmentMetrics.outcomes.inc({ outcome: settled.reason ?? settled.state });
  // Not before: another check of the same upload may have found it ready.
  if (settled?.state === 'refused') await blobs.remove(id);
  if (settled !== null) await removeUncleaned(context, settled);
}

/** Removes uploaded bytes that readers do not get, as of all profile pictures. May be repeated: a check may be killed before it. */
export async function removeUncleaned({ blobs }: Pick<ApiContext, 'blobs'>, attachment: Attachment): Promise<void> {
  if (attachment.isCleaned) await blobs.remove(attachment.id);
}

async function outcomeOf(
  context: CheckContext,
  uploads: UploadContent,
  attachment: Attachment,
): Promise<AttachmentOutcome> {
  const type = await typeOfUpload(uploads, attachment);
  if (type === null) return { state: 'refused', reason: 'checksum_wrong' };
  const isPicture = attachment.publicId !== undefined;
  if (isPicture && !type.startsWith('image/')) return { state: 'refused', reason: 'not_a_picture' };
  if (!isMedia(type)) {
    const reason = await refusalOfScan(context, attachment, () => piecesOfUpload(uploads, attachment));
    return reason === null ? { state: 'ready', type } : { state: 'refused', reason };
  }
  await using file = await context.mediaFiles.open(piecesOfUpload(uploads, attachment));
  const reason = await refusalOfScan(context, attachment, () => file.pieces());
  if (reason !== null) return { state: 'refused', reason };
  // Awaited before the copy is gone.
  return await (isPicture ? preparePicture : prepareMedia)(context, file, { ...attachment, type });
}
