import type { RateLimits } from '@chasqui/ports';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { NOW, script } from './script.ts';

/**
 * KEYS bucket. ARGV cost, refill per second, burst. Returns 0 or the milliseconds to wait. The key expires when the
 * bucket would be full, and an absent bucket is full. A server clock that was set back refills nothing.
 */
const TAKE_TOKENS = script<number>(`
${NOW}
local cost, perSecond, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tokens = burst
local kept = redis.call('GET', KEYS[1])
if kept then
  local left, at = string.match(kept, '^(%S+) (%S+)$')
  tokens = math.min(burst, tonumber(left) + math.max(0, now - tonumber(at)) * perSecond / 1000)
end
if tokens < cost then return math.max(1, math.ceil((cost - tokens) * 1000 / perSecond)) end
tokens = tokens - cost
local full = math.max(1, math.ceil((burst - tokens) * 1000 / perSecond))
redis.call('SET', KEYS[1], string.format('%.6f %.0f', tokens, now), 'PX', string.format('%.0f', full))
return 0
`);

/** Token buckets in Redis, by the server's own clock. */
export function createRedisRateLimits({ link, keys }: { link: RedisLink; keys: Keys }): RateLimits {
  return {
    take: (key, cost, { perSecond, burst }) =>
      link.call((client) => TAKE_TOKENS(client, [keys.rate(key)], [cost, perSecond, burst])),
    async [Symbol.asyncDispose]() {},
  };
}
