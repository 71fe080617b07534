import type { DedupClaim, DedupHints } from '@chasqui/ports';
import type { RedisClient } from './client.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { script } from './script.ts';

export interface RedisDedupOptions {
  link: RedisLink;
  keys: Keys;
  /** Maximum life of a hint, milliseconds. */
  maxMs: number;
}

/** KEYS hints. ARGV keep, then the value of each. Returns for each null if it was stored, else the existing value. */
const KEEP_FIRST = script<(string | null)[]>(`
local earlier = {}
for i, key in ipairs(KEYS) do
  earlier[i] = not redis.call('SET', key, ARGV[i + 1], 'PX', ARGV[1], 'NX') and redis.call('GET', key)
end
return earlier
`);

/** KEYS hints. Returns the value of each, or null. */
const FIND = script<(string | null)[]>(`return redis.call('MGET', unpack(KEYS))`);

/** First ids of recent messages in Redis, one key each. */
export function createRedisDedupHints({ link, keys, maxMs }: RedisDedupOptions): DedupHints {
  const keyOf = ({ from, clientMessageId }: DedupClaim) => keys.dedup(from, clientMessageId);

  /** What is kept already for each claim; null: nothing was. */
  async function earlier(
    claims: readonly DedupClaim[],
    ask: (client: RedisClient, group: DedupClaim[]) => Promise<(string | null)[]>,
  ): Promise<(DedupClaim | null)[]> {
    const found = await link.call((client) => Promise.all(link.groups(claims).map((group) => ask(client, group))));
    return found.flat().map((text, index) => (text === null ? null : decode(claims[index] as DedupClaim, text)));
  }

  return {
    async claim(claims, ttlMs) {
      const keep = Math.ceil(Math.min(ttlMs, maxMs));
      const found = await earlier(claims, (client, group) =>
        KEEP_FIRST(client, group.map(keyOf), [keep, ...group.map(encode)]),
      );
      return claims.map((claim, index) => found[index] ?? claim);
    },
    find: (claims) => earlier(claims, (client, group) => FIND(client, group.map(keyOf), [])),
    async [Symbol.asyncDispose]() {},
  };
}

function encode({ messageId, digest, conversationId }: DedupClaim): string {
  return JSON.stringify([messageId, digest, conversationId]);
}

function decode({ from, clientMessageId }: DedupClaim, earlier: string): DedupClaim {
  const [messageId, digest, conversationId] = JSON.parse(earlier);
  return { from, clientMessageId, conversationId, messageId, digest };
}
