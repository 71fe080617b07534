import { describe } from 'vitest';
import { dedupTests } from './caches-dedup.ts';
import type { CachesHarness } from './caches-fixture.ts';
import { offlineTests } from './caches-offline.ts';
import { rateTests } from './caches-rates.ts';
import { unreadTests } from './caches-unread.ts';

/** Everything that `UnreadCache`, `OfflineCache`, `DedupHints` and `RateLimits` promise. */
export function cachesContract(name: string, harness: CachesHarness): void {
  describe(`caches: ${name}`, { timeout: 30_000 }, () => {
    describe('UnreadCache', () => unreadTests(harness));
    describe('OfflineCache', () => offlineTests(harness));
    describe('DedupHints', () => dedupTests(harness));
    describe('RateLimits', () => rateTests(harness));
  });
}
