import { type Attachment, type AttachmentId, ImError, type UserId } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';
import { visibleNow } from '../people/shown-messages.ts';

/**
 * An attachment of a message that the user may see now (C20). Errors: `not_a_member`; `message_not_found`, also for a
 * recalled message; `not_found` if the message has no such attachment.
 */
export async function visibleAttachment(
  context: ApiContext,
  userId: UserId,
  { id, ...key }: MessageKey & { id: AttachmentId },
): Promise<Attachment> {
  const { access, messages, attachments } = context;
  await access.mustHaveBelonged(key.conversationId, userId);
  const [message] = await visibleNow(context, userId, await messages.get([key]));
  if (message == null || message.recalledAt !== undefined) {
    throw new ImError('message_not_found', 'there is no such message', { field: 'messageId' });
  }
  const attachment = await attachments.attached(id, key);
  if (attachment?.state === 'ready') return attachment;
  throw new ImError('not_found', 'the message has no such attachment', { field: 'attachmentId' });
}
