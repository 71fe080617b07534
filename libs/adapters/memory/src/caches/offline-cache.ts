import { BoundedMap, type MessageId, type StoredMessage, type UserId } from '@chasqui/domain';
import type { OfflineCache } from '@chasqui/ports';
import { copyOf } from '../messages/stored-message.ts';

export interface OfflineCacheOptions {
  /** Maximum messages per user; the oldest are evicted first. Default 500. */
  perUser?: number;
  /** Maximum bytes, as estimated; the oldest messages are evicted first. Default 64 MiB. */
  maxBytes?: number;
}

interface Kept {
  userId: UserId;
  message: StoredMessage;
}

/** Estimated size of a message's ids, fields and steps. */
const FIXED_BYTES = 800;

function bytesOf({ content }: StoredMessage): number {
  const { text = '', ...others } = content;
  const othersLength = Object.keys(others).length === 0 ? 0 : JSON.stringify(others).length;
  return FIXED_BYTES + 2 * (text.length + othersLength);
}

/** Bodies of waiting messages, in memory. */
export function createMemoryOfflineCache({
  perUser = 500,
  maxBytes = 64 * 1024 * 1024,
}: OfflineCacheOptions = {}): OfflineCache {
  const users = new Map<UserId, BoundedMap<MessageId, Kept>>();
  const detach = ({ userId, message }: Kept): void => {
    const mine = users.get(userId);
    mine?.delete(message.messageId);
    if (mine?.size === 0) users.delete(userId);
  };
  /** Maps each message to its size in bytes. */
  const all = new BoundedMap<Kept, number>(maxBytes, { weigh: (bytes) => bytes, evicted: detach });
  const forget = (kept: Kept | undefined): void => {
    if (kept === undefined) return;
    all.delete(kept);
    detach(kept);
  };
  const keep = (userId: UserId, message: StoredMessage): void => {
    forget(users.get(userId)?.get(message.messageId));
    const mine = users.get(userId) ?? new BoundedMap(perUser, { evicted: (_, kept) => void all.delete(kept) });
    users.set(userId, mine);
    const kept = { userId, message: copyOf(message) };
    mine.set(message.messageId, kept);
    all.set(kept, bytesOf(message));
  };

  return {
    async add(userId, messages) {
      for (const message of messages) keep(userId, message);
    },
    async get(userId, messageIds) {
      const mine = users.get(userId);
      return messageIds.map((id) => {
        const kept = mine?.get(id);
        return kept === undefined ? null : copyOf(kept.message);
      });
    },
    async drop(userId, messageIds) {
      for (const id of messageIds) forget(users.get(userId)?.get(id));
    },
    async [Symbol.asyncDispose]() {},
  };
}
