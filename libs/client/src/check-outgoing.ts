import { ImError, isUserId, type MessageContent, type UserId } from '@chasqui/domain';

const clientMessageId = /^[A-Za-z0-9._:-]{1,64}$/;

/**
 * What the server would refuse, found before it is sent: some of it would end the connection, and a persisted message
 * would then end every later one. Null: nothing is wrong.
 */
export function checkOutgoing(
  message: { to: UserId; content: MessageContent; clientMessageId: string },
  { userId, maxContentBytes }: { userId: UserId | ''; maxContentBytes: number },
): ImError | null {
  const { to, content } = message;
  if (!isUserId(to) || to === userId) {
    return new ImError('recipient_invalid', 'not the id of another user', { field: 'to' });
  }
  if (!clientMessageId.test(message.clientMessageId)) {
    return new ImError('invalid_frame', `clientMessageId matches ${clientMessageId.source}`, {
      field: 'clientMessageId',
    });
  }
  if (content.text === undefined && content.data === undefined) {
    return new ImError('content_invalid', 'content has text, data or both', { field: 'content' });
  }
  if (content.text === '') return new ImError('content_invalid', 'text is not empty', { field: 'content.text' });
  if (new TextEncoder().encode(JSON.stringify(content)).length > maxContentBytes) {
    return new ImError('content_too_large', `content has at most ${maxContentBytes} bytes as JSON`, {
      field: 'content',
    });
  }
  return null;
}
