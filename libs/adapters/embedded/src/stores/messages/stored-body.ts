import { crc32 } from 'node:zlib';
import { CLIENT_KEY_PATTERN, DEVICE_ID_PATTERN, type Message, type MessageValue, timeOf } from '@chasqui/domain';

/** What tells whether a body is as it was written: 32 bits, so that one change in four billion passes. */
export function checksumOf(body: string): number {
  return crc32(body);
}

/** `checksum` is null in rows of before checksums: of those it is only known whether they are JSON. */
export function isSound(body: string, checksum: number | null): boolean {
  if (checksum !== null) return checksum === checksumOf(body);
  try {
    return typeof (JSON.parse(body) as MessageValue).messageId === 'string';
  } catch {
    return false;
  }
}

/**
 * A message whose body is damaged: without content, and with what its row's other columns say of it. The sender's device
 * and key are those that the damaged text still names, where it does.
 */
export function salvaged(
  body: string,
  known: Pick<Message, 'messageId' | 'conversationId' | 'from' | 'audience'>,
): Message {
  const named = (field: string, pattern: string) => {
    const found = new RegExp(`"${field}":"([^"]*)"`).exec(body)?.[1];
    return found !== undefined && new RegExp(pattern).test(found) ? found : undefined;
  };
  return {
    ...known,
    fromDevice: named('fromDevice', DEVICE_ID_PATTERN) ?? 'unknown',
    clientMessageId: named('clientMessageId', CLIENT_KEY_PATTERN) ?? known.messageId,
    kind: 'c2c',
    content: {},
    sentAt: timeOf(known.messageId),
  };
}
