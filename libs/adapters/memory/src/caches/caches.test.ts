import { cachesContract, createManualClock, offlineCacheContract } from '@chasqui/contracts';
import type { StoredMessage } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { createMemoryDedupHints } from './dedup-hints.ts';
import { createMemoryOfflineCache } from './offline-cache.ts';
import { createMemoryRateLimits } from './rate-limits.ts';
import { createMemoryUnreadCache } from './unread-cache.ts';

const clock = createManualClock();
cachesContract('memory', {
  clock,
  advance: clock.advance,
  propertyRuns: 300,
  create: async () => ({
    unreadCache: createMemoryUnreadCache(),
    dedupHints: createMemoryDedupHints({ clock }),
    rateLimits: createMemoryRateLimits({ clock }),
  }),
});

offlineCacheContract('memory', {
  clock,
  advance: clock.advance,
  offlinePerUser: 5,
  create: async () => createMemoryOfflineCache({ perUser: 5 }),
});

test('C16: the unread cache forgets the least recently used users first', async () => {
  const cache = createMemoryUnreadCache({ maxEntries: 6 });
  const counts = (userId: string) => ({ userId, total: 1, byConversation: { [`${userId}~zoe`]: 1 }, position: 1 });
  for (const userId of ['a', 'b', 'c']) await cache.fill(counts(userId));
  await cache.get('a');
  await cache.fill(counts('d'));
  expect(await cache.get('b')).toBeNull();
  expect(await cache.get('a')).toEqual(counts('a'));
});

test('C16: the offline cache keeps no more bytes than it may; the oldest message of all goes first', async () => {
  const cache = createMemoryOfflineCache({ maxBytes: 3_000 });
  const message = (messageId: string): StoredMessage => ({
    messageId,
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'phone',

    clientMessageId: messageId,

    kind: 'c2c',
    content: { text: 'x'.repeat(100) },
    sentAt: 1,
    audience: ['ann', 'bob'],
    statuses: {},
    revision: 0,
    steps: [],
  });
  await cache.add('a', [message('1')]);
  await cache.add('b', [message('2'), message('3')]);
  await cache.add('c', [message('4')]);
  expect(await cache.get('a', ['1'])).toEqual([null]);
  expect((await cache.get('b', ['2', '3'])).map((found) => found?.messageId)).toEqual(['2', '3']);
  await cache.drop('c', ['4']);
  await cache.add('c', [message('4')]);
  expect((await cache.get('b', ['2', '3'])).map((found) => found?.messageId)).toEqual(['2', '3']);
  await cache.add('c', [{ ...message('5'), content: { data: { long: 'x'.repeat(1_500) } } }]);
  expect(await cache.get('c', ['4', '5'])).toEqual([null, null]);
});

test('C16: dedup hints forget the oldest claim at their bound', async () => {
  const hints = createMemoryDedupHints({ clock, maxClaims: 2 });
  const claim = (clientMessageId: string, messageId: string) => ({
    from: 'ann',
    clientMessageId,
    conversationId: 'ann~bob',
    messageId,
    digest: 'd',
  });
  await hints.claim([claim('a', '1'), claim('b', '2'), claim('c', '3')], 1_000);
  expect(await hints.claim([claim('c', '4'), claim('a', '5')], 1_000)).toEqual([claim('c', '3'), claim('a', '5')]);
});

test('C16: rate limits forget the bucket that was not used for longest', async () => {
  const limits = createMemoryRateLimits({ clock, maxKeys: 2 });
  const limit = { perSecond: 0.01, burst: 1 };
  for (const key of ['a', 'b', 'c']) expect(await limits.take(key, 1, limit)).toBe(0);
  expect(await limits.take('c', 1, limit)).toBeGreaterThan(0);
  expect(await limits.take('a', 1, limit)).toBe(0);
});
