import type { Clock } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';
import type { DedupClaim, DedupHints } from '@chasqui/ports';

export interface DedupHintsOptions {
  clock: Clock;
  /** Maximum claims kept; at least the newest half is always kept. Default 100 000. */
  maxClaims?: number;
}

interface Kept {
  claim: DedupClaim;
  /** On the monotonic clock. */
  endsAt: number;
}

/** First ids of recent messages, in memory. */
export function createMemoryDedupHints({ clock, maxClaims = 100_000 }: DedupHintsOptions): DedupHints {
  const kept = new RecentMap<string, Kept>(Math.ceil(maxClaims / 2));
  // Neither part can contain a space.
  const keyOf = ({ from, clientMessageId }: DedupClaim): string => `${from} ${clientMessageId}`;

  function earlier(claim: DedupClaim, now: number): DedupClaim | null {
    const found = kept.get(keyOf(claim));
    return found !== undefined && found.endsAt > now ? found.claim : null;
  }

  return {
    async claim(claims, ttlMs) {
      const now = clock.monotonic();
      return claims.map((claim) => {
        const known = earlier(claim, now);
        if (known === null) kept.set(keyOf(claim), { claim, endsAt: now + ttlMs });
        return known ?? claim;
      });
    },
    async find(claims) {
      const now = clock.monotonic();
      return claims.map((claim) => earlier(claim, now));
    },
    async [Symbol.asyncDispose]() {},
  };
}
