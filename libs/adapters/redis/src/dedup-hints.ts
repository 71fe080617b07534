import type { DedupClaim, DedupHints } from '@chasqui/ports';
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

/** First ids of recent messages in Redis, one key each. */
export function createRedisDedupHints({ link, keys, maxMs }: RedisDedupOptions): DedupHints {
  return {
    async claim(claims, ttlMs) {
      const keep = Math.ceil(Math.min(ttlMs, maxMs));
      const earlier = await link.call((client) =>
        Promise.all(
          link.groups(claims).map((group) => {
            const names = group.map(({ from, clientMessageId }) => keys.dedup(from, clientMessageId));
            return KEEP_FIRST(client, names, [keep, ...group.map(encode)]);
          }),
        ),
      );
      return earlier.flat().map((text, index) => decode(claims[index] as DedupClaim, text));
    },
    async [Symbol.asyncDispose]() {},
  };
}

function encode({ messageId, digest, conversationId }: DedupClaim): string {
  return JSON.stringify([messageId, digest, conversationId]);
}

function decode(claim: DedupClaim, earlier: string | null): DedupClaim {
  if (earlier === null) return claim;
  const [messageId, digest, conversationId] = JSON.parse(earlier);
  return { from: claim.from, clientMessageId: claim.clientMessageId, conversationId, messageId, digest };
}
