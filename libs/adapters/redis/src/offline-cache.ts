import type { MessageId, StoredMessage, UserId } from '@chasqui/domain';
import type { OfflineCache } from '@chasqui/ports';
import { KEEP_MS, type Keys, OFFLINE_PARTS } from './keys.ts';
import { ADD, DROP, READ } from './offline-scripts.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisOfflineOptions {
  link: RedisLink;
  keys: Keys;
  /** Maximum messages per user; the oldest are evicted first. */
  perUser: number;
  /**
   * Maximum bytes in total, as estimated. When a part has used up its share, the user whose last message is oldest is
   * evicted first.
   */
  maxBytes: number;
  /** A user's messages expire after this long without a new one, milliseconds. */
  keepMs?: number;
}

/** Messages that one script adds: a script blocks all other calls. */
const CHUNK = 100;

/** Bodies of waiting messages in Redis. Users are spread over parts, each with its share of the bytes. */
export function createRedisOfflineCache({
  link,
  keys,
  perUser,
  maxBytes,
  keepMs = KEEP_MS.offline,
}: RedisOfflineOptions): OfflineCache {
  const share = Math.floor(maxBytes / OFFLINE_PARTS);
  const keysOf = (userId: UserId) => {
    const { users, bytes, messages } = keys.offline(userId);
    return [users, bytes, messages];
  };
  return {
    async add(userId, messages) {
      const before = [userId, perUser, share, keepMs, keys.offline(userId).messagesOf];
      for (let start = 0; start < messages.length; start += CHUNK) {
        const chunk = messages.slice(start, start + CHUNK);
        const bodies = chunk.flatMap((message) => [message.messageId, JSON.stringify(message)]);
        await link.call((client) => ADD(client, keysOf(userId), [...before, ...bodies]));
      }
    },
    async get(userId, messageIds) {
      if (messageIds.length === 0) return [];
      const found = await link.call((client) => READ(client, [keys.offline(userId).messages], messageIds));
      return found.map((text, index) => (text === null ? null : parse(text, messageIds[index] ?? '')));
    },
    async drop(userId, messageIds) {
      if (messageIds.length === 0) return;
      await link.call((client) => DROP(client, keysOf(userId), [userId, ...messageIds]));
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** A member is the id, a space, and the message. */
function parse(member: string, messageId: MessageId): StoredMessage {
  return JSON.parse(member.slice(messageId.length + 1));
}
