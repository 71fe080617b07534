import { type Attachment, type AttachmentId, ImError, type UserId } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';
import { noSuchMessage, visibleMessage } from '../people/shown-messages.ts';

/**
 * An attachment of a message that the user may see now (C20). Errors: `not_a_member`; `message_not_found`, also for a
 * recalled message; `not_found` if the message has no such attachment.
 */
export async function visibleAttachment(
  context: ApiContext,
  userId: UserId,
  { id, ...key }: MessageKey & { id: AttachmentId },
): Promise<Attachment> {
  const message = await visibleMessage(context, userId, key);
  if (message.recalledAt !== undefined) throw noSuchMessage();
  const attachment = await context.attachments.attached(id, key);
  if (attachment?.state === 'ready') return attachment;
  throw new ImError('not_found', 'the message has no such attachment', { field: 'attachmentId' });
}
