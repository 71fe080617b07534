import {
  CLIENT_KEY_PATTERN,
  type ErrorCode,
  groupOf,
  ImError,
  isClientKey,
  isGroupId,
  isUserId,
  type LogId,
  MAX_JSON_DEPTH,
  MAX_MENTIONS,
  type Mentions,
  type MessageContent,
} from '@chasqui/domain';
import { faultyPath } from '@chasqui/protocol/json-value';
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
  if (isGroup && groups === undefined) return refusal('config_invalid', 'groups', 'must be an option of the client');
  if (!isGroup && (!isUserId(to) || to === userId))
    return refusal('recipient_invalid', 'to', 'must be another user or a conversation');
  if (mentions !== undefined && !(isGroup && groups?.areMentions(mentions)))
    return refusal('mention_invalid', 'mentions', `must be all, or 1–${MAX_MENTIONS} members`);
  if (!isClientKey(message.clientMessageId))
    return refusal('invalid_frame', 'clientMessageId', `must match ${CLIENT_KEY_PATTERN}`);
  let json: string;
  try {
    json = JSON.stringify(content);
  } catch {
    return refusal('content_invalid', 'content', 'must be JSON');
  }
  if (content.text === '' || json === '{}') return refusal('content_invalid', 'content', 'must not be empty');
  // What it became as JSON: `toJSON` may have changed it.
  const fault = faultyPath({ content: JSON.parse(json) });
  if (fault !== null)
    return refusal('content_invalid', fault.join('.'), `must be text, at most ${MAX_JSON_DEPTH} levels deep`);
  if (new TextEncoder().encode(json).length > maxContentBytes)
    return refusal('content_too_large', 'content', `must have at most ${maxContentBytes} bytes`);
  return null;
}

/** `rule`: what the field must be, to follow its name. */
function refusal(code: ErrorCode, field: string, rule: string): ImError {
  return new ImError(code, `${field} ${rule}`, { field });
}
