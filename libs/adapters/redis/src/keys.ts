import { type ConversationId, shardOf, type UserId } from '@chasqui/domain';

const HOUR_MS = 3_600_000;

/**
 * How long keys live after their last use, milliseconds. Every key expires. A full Redis that evicts the keys closest
 * to expiry (`volatile-ttl`) evicts hints and caches first, then presence, and the nodes last.
 */
export const KEEP_MS = {
  /** Nodes subscribe to their groups again within it. */
  groups: HOUR_MS,
  offline: 3 * 24 * HOUR_MS,
  presence: 14 * 24 * HOUR_MS,
  nodes: 28 * 24 * HOUR_MS,
  /** As old as a restored backup may be, of a store whose epoch has changed since. */
  progress: 366 * 24 * HOUR_MS,
} as const;

/** Number of parts of the offline cache. Each has its share of the bytes and is on one node of a cluster. */
export const OFFLINE_PARTS = 64;

/** Names of keys. The text in braces decides which node of a cluster has a key; all keys of one script share it. */
export type Keys = ReturnType<typeof createKeys>;

export function createKeys(prefix: string) {
  return {
    /** Hash: device → entry. */
    user: (userId: UserId) => `${prefix}user:${userId}`,
    /** Sorted set of the entries that a node registered, all with score 0, so ordered by their text. */
    node: (nodeId: string) => `${prefix}node:${nodeId}`,
    /** Sorted set: node → end of its lease. */
    leases: `${prefix}{nodes}:leases`,
    /** When a script of the registry last ran. */
    seen: `${prefix}{nodes}:seen`,
    /** Hash: node → its incarnation and the last info it sent. */
    infos: `${prefix}{nodes}:infos`,
    /** Hash: dead node → end of the claim to recover it. */
    claims: `${prefix}{nodes}:claims`,
    /**
     * Hash: settled or removed node → the incarnation up to which its entries must be removed, and the end of the claim
     * to do so.
     */
    leaving: `${prefix}{nodes}:leaving`,
    /** Sorted set of the nodes with sessions of a group's members, by the time of their last subscription. */
    group: (group: ConversationId) => `${prefix}group:${group}`,
    /** Hash: counts of a user. */
    unreadCounts: (userId: UserId) => `${prefix}unread:{${userId}}:counts`,
    /** Position below which counts read from the store are refused. */
    unreadFence: (userId: UserId) => `${prefix}unread:{${userId}}:fence`,
    /**
     * Sorted set of a part's users by the time of their last message, the part's byte counts, and a user's messages.
     * Releases up to 0.1 have messages in another form, under `offline:`. Neither release reads the other's messages,
     * so both may run during an upgrade.
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
    // Neither part can contain a space.
    dedup: (from: UserId, clientMessageId: string) => `${prefix}dedup:${from} ${clientMessageId}`,
    rate: (key: string) => `${prefix}rate:${key}`,
    /** The highest progress seen of a store epoch. */
    progress: (storeId: string) => `${prefix}progress:${storeId}`,
    probe: `${prefix}probe`,
  };
}
