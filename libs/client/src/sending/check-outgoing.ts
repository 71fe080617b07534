import {
  CLIENT_KEY_PATTERN,
  groupOf,
  ImError,
  isClientKey,
  isGroupId,
  isUserId,
  type LogId,
  MAX_MENTIONS,
  type Mentions,
  type MessageContent,
} from '@chasqui/domain';
import { valueFault } from '@chasqui/protocol/json-value';
import type { Core } from '../core.ts';

/**
 * Finds locally what the server would refuse. Some of these errors end the connection, and a persisted message would
 * then end every later one. Null: the message is valid.
 */
export function checkOutgoing(
  message: { to: LogId; content: MessageContent; mentions?: Mentions; clientMessageId: string },
  { userId, maxContentBytes, groups }: Pick<Core, 'userId' | 'maxContentBytes' | 'groups'>,
): ImError | null {
  const { to, content, mentions } = message;
  const isGroup = isGroupId(groupOf(to) ?? '');
  if (isGroup && groups === undefined) {
    return new ImError('config_invalid', 'groups need the option groups', { field: 'groups' });
  }
  if (!isGroup && (!isUserId(to) || to === userId)) {
    return new ImError('recipient_invalid', 'to must be another user or a conversation', { field: 'to' });
  }
  if (mentions !== undefined && !(isGroup && groups?.areMentions(mentions))) {
    return new ImError('mention_invalid', `mentions must be all, or 1–${MAX_MENTIONS} members`, {
      field: 'mentions',
    });
  }
  if (!isClientKey(message.clientMessageId)) {
    return new ImError('invalid_frame', `clientMessageId must match ${CLIENT_KEY_PATTERN}`, {
      field: 'clientMessageId',
    });
  }
  let json: string;
  try {
    json = JSON.stringify(content);
  } catch {
    return new ImError('content_invalid', 'content must be JSON', { field: 'content' });
  }
  if (content.text === '' || json === '{}') {
    return new ImError('content_invalid', 'content must not be empty', { field: 'content' });
  }
  // What it became as JSON: `toJSON` may have changed it.
  const fault = valueFault({ content: JSON.parse(json) });
  if (fault !== null) return new ImError('content_invalid', `${fault.field} ${fault.message}`, { field: fault.field });
  if (new TextEncoder().encode(json).length > maxContentBytes) {
    return new ImError('content_too_large', `content has more than ${maxContentBytes} bytes`, {
      field: 'content',
    });
  }
  return null;
}
