import { shardOf, type UserId } from '@chasqui/domain';

const HOUR_MS = 3_600_000;

/**
 * How long keys live after their last use, milliseconds. Every key has an end; a Redis that is full and evicts what ends
 * soonest (`volatile-ttl`) forgets hints and caches first, then who is where, and the nodes last.
 */
export const KEEP_MS = {
  offline: 3 * 24 * HOUR_MS,
  presence: 14 * 24 * HOUR_MS,
  nodes: 28 * 24 * HOUR_MS,
  /** As old as a backup may be that is put back, of a store whose epoch has changed since. */
  progress: 366 * 24 * HOUR_MS,
} as const;

/** Into so many parts the offline cache is cut, each with its share of the bytes and on one node of a cluster. */
export const OFFLINE_PARTS = 64;

/** Names of keys. What stands in braces decides where a cluster keeps a key: keys of one script have the same. */
export type Keys = ReturnType<typeof createKeys>;

export function createKeys(prefix: string) {
  return {
    /** Hash: device → entry. */
    user: (userId: UserId) => `${prefix}user:${userId}`,
    /** Sorted set of the entries that a node registered, all with score 0: in the order of their text. */
    node: (nodeId: string) => `${prefix}node:${nodeId}`,
    /** Sorted set: node → end of its lease. */
    leases: `${prefix}{nodes}:leases`,
    /** When a script of the registry ran last. */
    seen: `${prefix}{nodes}:seen`,
    /** Hash: node → its incarnation and what it last said of itself. */
    infos: `${prefix}{nodes}:infos`,
    /** Hash: dead node → until when its recovery is somebody's. */
    claims: `${prefix}{nodes}:claims`,
    /** Hash: node that was settled or removed → what of its entries is to go, and until when that is somebody's. */
    leaving: `${prefix}{nodes}:leaving`,
    /** Hash: counts of a user. */
    unreadCounts: (userId: UserId) => `${prefix}unread:{${userId}}:counts`,
    /** Position below which no truth is taken any more. */
    unreadFence: (userId: UserId) => `${prefix}unread:{${userId}}:fence`,
    /**
     * Sorted set of the users of a part by the time of their last message, its byte counts, and a user's messages. Releases up
     * to 0.1 have messages in another form, under `offline:`: neither reads the other's, and both may run during an upgrade.
     */
    offline(userId: UserId) {
      const part = `${prefix}waiting:{${shardOf(userId, OFFLINE_PARTS)}}`;
      return {
        users: `${part}:users`,
        bytes: `${part}:bytes`,
        messagesOf: `${part}:of:`,
        messages: `${part}:of:${userId}`,
      };
    },
    // Neither part can hold a space.
    dedup: (from: UserId, clientMessageId: string) => `${prefix}dedup:${from} ${clientMessageId}`,
    rate: (key: string) => `${prefix}rate:${key}`,
    /** How far the store of an epoch had come. */
    progress: (storeId: string) => `${prefix}progress:${storeId}`,
    probe: `${prefix}probe`,
  };
}
