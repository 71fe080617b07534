import type { DedupClaim, DedupHints } from '@chasqui/ports';
import type { RedisClient } from './client.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisDedupOptions {
  link: RedisLink;
  keys: Keys;
  /** No hint is kept longer, milliseconds. */
  maxMs: number;
}

/** First ids of recent messages in Redis: a key for each, set if absent, which the server does in one step. */
export function createRedisDedupHints({ link, keys, maxMs }: RedisDedupOptions): DedupHints {
  const claimOne = async (client: RedisClient, claim: DedupClaim, ttlMs: number): Promise<DedupClaim> => {
    const { from, clientMessageId, conversationId, messageId, digest } = claim;
    const key = keys.dedup(from, clientMessageId);
    const value = JSON.stringify([messageId, digest, conversationId]);
    if ((await client.set(key, value, 'PX', ttlMs, 'NX')) !== null) return claim;
    const kept = await client.get(key);
    // It ended between the two: the key is free now.
    if (kept === null) return claimOne(client, claim, ttlMs);
    const [first, firstDigest, firstConversation] = JSON.parse(kept);
    return { from, clientMessageId, conversationId: firstConversation, messageId: first, digest: firstDigest };
  };
  return {
    claim: (claims, ttlMs) =>
      // Sent one after the other on one connection for each key: claims of one key count in their order.
      link.call((client) =>
        Promise.all(claims.map((claim) => claimOne(client, claim, Math.ceil(Math.min(ttlMs, maxMs))))),
      ),
    async [Symbol.asyncDispose]() {},
  };
}
