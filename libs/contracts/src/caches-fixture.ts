import type { DedupHints, RateLimits, UnreadCache } from '@chasqui/ports';
import { type Harness, subjectOf } from './harness.ts';

/** The caches: data kept for speed, which may be lost. */
export interface Caches {
  unreadCache: UnreadCache;
  dedupHints: DedupHints;
  rateLimits: RateLimits;
}

export type CachesHarness = Harness<Caches>;

export function cachesSubject(harness: CachesHarness) {
  return subjectOf(harness, ({ unreadCache, dedupHints, rateLimits }) => [unreadCache, dedupHints, rateLimits]);
}
