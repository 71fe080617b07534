import { ImError, publicIdOf, type UserId } from '@chasqui/domain';
import type { AttachmentStore } from '@chasqui/ports';

/**
 * Whether a user may set a picture, if it is one of this server: it is their upload and is ready. `field`: what names it.
 * Errors: `attachment_invalid`, the same for somebody else's picture and an absent one.
 */
export async function mustBeOwnPicture(
  { attachments }: { attachments: Pick<AttachmentStore, 'pictured'> },
  userId: UserId,
  { picture, field }: { picture: string; field: string },
): Promise<void> {
  const publicId = publicIdOf(picture);
  if (publicId === null) return;
  const { attachment } = (await attachments.pictured(publicId)) ?? {};
  if (attachment?.owner !== userId || attachment.state === 'due') {
    throw new ImError('attachment_invalid', 'you have no such picture: upload it', { field });
  }
  if (attachment.state === 'ready') return;
  throw new ImError('attachment_invalid', `the picture is ${attachment.state}: only a ready one can be set`, { field });
}
