import { crc32 } from 'node:zlib';
import {
  CLIENT_KEY_PATTERN,
  DEVICE_ID_PATTERN,
  isGroupId,
  type Message,
  type MessageValue,
  timeOf,
} from '@chasqui/domain';

/** Detects a damaged body: 32 bits, so that one damage in four billion goes unnoticed. */
export function checksumOf(body: string): number {
  return crc32(body);
}

/** `checksum` is null in older rows: their only check is whether they are JSON. */
export function isSound(body: string, checksum: number | null): boolean {
  if (checksum !== null) return checksum === checksumOf(body);
  try {
    return typeof (JSON.parse(body) as MessageValue).messageId === 'string';
  } catch {
    return false;
  }
}

/**
 * A message whose body is damaged: without content, with the values of its row's other columns. The sender's device and
 * key are taken from the damaged text, where it still has them.
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
    kind: isGroupId(known.conversationId) ? 'group' : 'c2c',
    content: {},
    sentAt: timeOf(known.messageId),
  };
}
