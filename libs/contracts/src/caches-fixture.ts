import type { DedupHints, OfflineCache, RateLimits, UnreadCache } from '@chasqui/ports';
import { type Harness, subjectOf } from './harness.ts';

/** The caches: data kept for speed, which may be lost. */
export interface Caches {
  unreadCache: UnreadCache;
  offlineCache: OfflineCache;
  dedupHints: DedupHints;
  rateLimits: RateLimits;
}

export interface CachesHarness extends Harness<Caches> {
  /** How many messages per user the offline cache under test keeps: between 3 and 500. */
  offlinePerUser: number;
}

export function cachesSubject(harness: CachesHarness) {
  return subjectOf(harness, ({ unreadCache, offlineCache, dedupHints, rateLimits }) => [
    ...[unreadCache, offlineCache, dedupHints, rateLimits],
  ]);
}
