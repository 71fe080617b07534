import { type Attachment, type AttachmentId, ImError, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

/** An attachment of the user. Errors: `not_found`, also for those of others, and for what is to be deleted. */
export async function ownAttachment(
  { attachments }: Pick<ApiContext, 'attachments'>,
  userId: UserId,
  id: AttachmentId,
): Promise<Attachment> {
  const [found] = await attachments.get([id]);
  if (found?.owner === userId && found.state !== 'due') return found;
  throw new ImError('not_found', 'you have no such attachment', { field: 'attachmentId' });
}

/** Errors: as of `ownAttachment`; `upload_conflict` if its upload has ended. */
export async function openUpload(
  context: Pick<ApiContext, 'attachments'>,
  userId: UserId,
  id: AttachmentId,
): Promise<Attachment> {
  const found = await ownAttachment(context, userId, id);
  if (found.state === 'uploading') return found;
  throw new ImError('upload_conflict', `the upload has ended: the attachment is ${found.state}`, {
    field: 'attachmentId',
  });
}
