import { crc32 } from 'node:zlib';
import {
  CLIENT_KEY_PATTERN,
  DEVICE_ID_PATTERN,
  type Message,
  type MessageId,
  membersOf,
  timeOf,
} from '@chasqui/domain';

/** What tells whether a body is as it was written: 32 bits, so that one change in four billion passes. */
export function checksumOf(body: string): number {
  return crc32(body);
}

/** `checksum` is null in rows of before checksums: of those it is only known whether they are JSON. */
export function isSound(body: string, checksum: number | null): boolean {
  if (checksum !== null) return checksum === checksumOf(body);
  try {
    return typeof (JSON.parse(body) as Message).messageId === 'string';
  } catch {
    return false;
  }
}

/**
 * A message whose body is damaged: without content, and with what its row's other columns say of it. The sender's device
 * and key are those that the damaged text still names, where it does. One that was silenced stays so.
 */
export function salvaged(body: string, messageId: MessageId, conversationId: string, side: number): Message {
  const [a, b] = membersOf(conversationId);
  const [from, to] = side === 0 ? [a, b] : [b, a];
  const named = (field: string, pattern: string) => {
    const found = new RegExp(`"${field}":"([^"]*)"`).exec(body)?.[1];
    return found !== undefined && new RegExp(pattern).test(found) ? found : undefined;
  };
  return {
    messageId,
    conversationId,
    from,
    fromDevice: named('fromDevice', DEVICE_ID_PATTERN) ?? 'unknown',
    to,
    clientMessageId: named('clientMessageId', CLIENT_KEY_PATTERN) ?? messageId,
    kind: 'c2c',
    content: {},
    sentAt: timeOf(messageId),
    // The last field of those that have it: what a user wrote stands before it.
    ...(body.endsWith('"silenced":true}') ? { silenced: true } : {}),
  };
}
