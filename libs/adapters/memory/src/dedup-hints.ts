import type { Clock } from '@chasqui/domain';
import type { DedupClaim, DedupHints } from '@chasqui/ports';

export interface DedupHintsOptions {
  clock: Clock;
  /** Claims kept; the oldest go first. Default 200 000. */
  maxClaims?: number;
}

interface Kept {
  claim: DedupClaim;
  /** On the monotonic clock. */
  endsAt: number;
}

/** First ids of recent messages in memory. */
export function createMemoryDedupHints({ clock, maxClaims = 200_000 }: DedupHintsOptions): DedupHints {
  /** Oldest first. */
  const kept = new Map<string, Kept>();
  // Neither part can hold a space.
  const keyOf = ({ from, clientMessageId }: DedupClaim): string => `${from} ${clientMessageId}`;

  const forget = (now: number): void => {
    for (const [key, { endsAt }] of kept) {
      if (endsAt > now && kept.size <= maxClaims) return;
      kept.delete(key);
    }
  };

  return {
    async claim(claims, ttlMs) {
      const now = clock.monotonic();
      const answers = claims.map((claim) => {
        const key = keyOf(claim);
        const earlier = kept.get(key);
        if (earlier !== undefined && earlier.endsAt > now) return earlier.claim;
        kept.delete(key);
        kept.set(key, { claim, endsAt: now + ttlMs });
        return claim;
      });
      forget(now);
      return answers;
    },
    async release(claim) {
      const key = keyOf(claim);
      if (kept.get(key)?.claim.messageId === claim.messageId) kept.delete(key);
    },
    async [Symbol.asyncDispose]() {},
  };
}
