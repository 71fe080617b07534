import { randomBytes } from 'node:crypto';
import { type Attachment, type AttachmentId, ImError } from '@chasqui/domain';
import type { MissingParts, NewAttachment } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';
import { MAX_SIGNED_PARTS } from './fields.ts';

type AnnounceContext = Pick<ApiContext, 'attachments' | 'attachmentMetrics' | 'blobs'>;
type ChosenContext = AnnounceContext & Pick<ApiContext, 'momentPictures'>;
type Announced = { file: Attachment; missing?: MissingParts | undefined };

/** A file that nobody has announced before. Errors: `limit_reached`, `store_unavailable`. */
export async function announceNew(
  { attachments, attachmentMetrics, blobs }: AnnounceContext,
  given: Omit<NewAttachment, 'id'>,
): Promise<Announced> {
  const file = { ...given, id: randomBytes(16).toString('hex') };
  await attachments.reserve(file);
  const missing = await blobs.direct?.begin(file.id, file.size, MAX_SIGNED_PARTS).catch(async (error) => {
    // It could not be uploaded, but would count as open.
    await attachments.abandon(file.owner, [file.id]);
    throw error;
  });
  attachmentMetrics.outcomes.inc({ outcome: 'announced' });
  return { file: { ...file, state: 'uploading' }, missing };
}

/**
 * A file under an id that its announcer has chosen; announced again, it is what it has become. Errors: `upload_conflict` if
 * the id is another file's or a moment's picture's, or is still being deleted; as of `announceNew`.
 */
export async function announceAs(
  { attachments, attachmentMetrics, blobs, momentPictures }: ChosenContext,
  id: AttachmentId,
  given: Omit<NewAttachment, 'id'>,
): Promise<Announced> {
  const [[before], [picture]] = await Promise.all([attachments.get([id]), momentPictures.known([id])]);
  // Their bytes are in the same store, under the same names.
  if (picture !== undefined) throw new ImError('upload_conflict', 'a picture of a moment has this id', { field: 'id' });
  await attachments.reserve({ ...given, id });
  const [file] = await attachments.get([id]);
  if (file?.owner !== given.owner || (file.state === 'uploading' && !isSame(file, given))) {
    throw new ImError('upload_conflict', 'another file has this id', { field: 'id' });
  }
  if (file.state === 'due') throw new ImError('upload_conflict', 'what had this id is being deleted', { field: 'id' });
  if (before === null) attachmentMetrics.outcomes.inc({ outcome: 'announced' });
  if (file.state !== 'uploading' || blobs.direct === undefined) return { file };
  const missing = await blobs.direct.missing(id, file.size, MAX_SIGNED_PARTS);
  // Whoever announced it before may have been killed before it began.
  const isBegun = missing !== null || (await blobs.direct.size(id)) > 0;
  return {
    file,
    missing: isBegun ? (missing ?? undefined) : await blobs.direct.begin(id, file.size, MAX_SIGNED_PARTS),
  };
}

function isSame(file: Attachment, { size, sha256 }: Pick<Attachment, 'size' | 'sha256'>): boolean {
  return file.size === size && file.sha256 === sha256;
}
