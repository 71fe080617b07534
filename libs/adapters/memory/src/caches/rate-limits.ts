import { BoundedMap, type Clock } from '@chasqui/domain';
import type { RateLimits } from '@chasqui/ports';

export interface RateLimitsOptions {
  clock: Clock;
  /**
   * Maximum buckets; the least recently used are evicted first, and are full when they are used again. Default 200 000.
   */
  maxKeys?: number;
}

interface Bucket {
  tokens: number;
  /** When the bucket had this many tokens, monotonic ms. */
  at: number;
}

/** Token buckets in memory. */
export function createMemoryRateLimits({ clock, maxKeys = 200_000 }: RateLimitsOptions): RateLimits {
  const buckets = new BoundedMap<string, Bucket>(maxKeys);
  return {
    async take(key, cost, { perSecond, burst }) {
      const now = clock.monotonic();
      let bucket = buckets.use(key);
      if (bucket === undefined) {
        bucket = { tokens: burst, at: now };
        buckets.set(key, bucket);
      }
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000);
      bucket.at = now;
      if (bucket.tokens < cost) return Math.max(1, Math.ceil(((cost - bucket.tokens) * 1000) / perSecond));
      bucket.tokens -= cost;
      return 0;
    },
    async [Symbol.asyncDispose]() {},
  };
}
