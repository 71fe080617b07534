import { createManualClock } from '@chasqui/contracts';
import { readUnread } from '@chasqui/core';
import { ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryUnreadCache } from '@chasqui/memory';
import type { ConversationStore, UnreadCache, UnreadCounts, UnreadState } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { UnreadSetter } from '../../apps/business/src/caches/unread-setter.ts';

const userId = 'bob';
const conversationId = 'ann~bob';

function stateAt(position: number, count: number): UnreadState {
  return { userId, conversationId, count, total: count, position };
}

function countsAt(position: number, count: number): UnreadCounts {
  return { userId, total: count, byConversation: { [conversationId]: count }, position };
}

function setUp() {
  const clock = createManualClock();
  const memory = createMemoryUnreadCache({ clock });
  const switchboard = { away: false };
  const cache: UnreadCache = {
    ...memory,
    async set(states) {
      if (switchboard.away) throw new ImError('presence_unavailable', 'away');
      await memory.set(states);
    },
    async drop(user) {
      if (switchboard.away) throw new ImError('presence_unavailable', 'away');
      await memory.drop(user);
    },
  };
  return { clock, cache, switchboard, setter: new UnreadSetter({ unreadCache: cache, clock, logger: silentLogger }) };
}

test('C8: a count that the cache missed is not shown once the cache is back', async () => {
  const { clock, cache, switchboard, setter } = setUp();
  await cache.fill(countsAt(1, 1));
  switchboard.away = true;
  await setter.set([stateAt(2, 2)]);
  await clock.advance(5_000);
  switchboard.away = false;
  await clock.advance(2_000);
  expect(await cache.get(userId)).toBeNull();
});

test('C8: a truth that was read before a set that failed is not taken afterwards', async () => {
  const { clock, cache, switchboard, setter } = setUp();
  const read = Promise.withResolvers<UnreadCounts>();
  const conversations: Pick<ConversationStore, 'unread'> = { unread: () => read.promise };
  const reading = readUnread({ conversations, cache }, userId);
  switchboard.away = true;
  await setter.set([stateAt(3, 3), stateAt(2, 2)]);
  switchboard.away = false;
  await clock.advance(2_000);
  read.resolve(countsAt(2, 2));
  await reading;
  expect(await cache.get(userId)).toBeNull();
  await cache.fill(countsAt(3, 3));
  expect(await cache.get(userId)).toEqual(countsAt(3, 3));
});

test('C8: what the cache missed is said to it once more at the end of the process', async () => {
  const { cache, switchboard, setter } = setUp();
  await cache.fill(countsAt(1, 1));
  switchboard.away = true;
  await setter.set([stateAt(2, 2)]);
  switchboard.away = false;
  await setter[Symbol.asyncDispose]();
  expect(await cache.get(userId)).toBeNull();
});
