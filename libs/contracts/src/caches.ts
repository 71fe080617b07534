import { describe } from 'vitest';
import { dedupTests } from './caches-dedup.ts';
import type { CachesHarness } from './caches-fixture.ts';
import { rateTests } from './caches-rates.ts';
import { unreadTests } from './caches-unread.ts';

/** Everything that `UnreadCache`, `DedupHints` and `RateLimits` promise. */
export function cachesContract(name: string, harness: CachesHarness): void {
  describe(`caches: ${name}`, { timeout: 30_000 }, () => {
    describe('UnreadCache', () => unreadTests(harness));
    describe('DedupHints', () => dedupTests(harness));
    describe('RateLimits', () => rateTests(harness));
  });
}
