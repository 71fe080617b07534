import { createManualClock, sessionsContract } from '@chasqui/contracts';
import { HybridClock, isMessageId } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { createMemoryConversations, type MemoryConversations } from './conversation-stores.ts';

const clock = createManualClock();
const ids = new HybridClock({ now: clock.now, tag: 9 });
let stores: MemoryConversations;

sessionsContract('memory', {
  clock,
  advance: clock.advance,
  propertyRuns: 200,
  async create() {
    stores = createMemoryConversations({ clock, ids });
    return stores;
  },
  async reopen() {
    stores = createMemoryConversations({ clock, ids, state: stores.state });
    return stores;
  },
  async spoilCount(userId, conversationId, count) {
    const row = stores.state.row(userId, conversationId);
    if (row !== undefined) row.unread = count;
  },
});

test('C4, C16: a clientMessageId is forgotten after the dedup window, and not before', async () => {
  const { sessions, state } = createMemoryConversations({ clock, ids, dedupWindowMs: 1_000 });
  const message = {
    messageId: ids.next(),
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'phone',
    to: 'bob',
    clientMessageId: 'k',
    kind: 'c2c' as const,
    content: { text: 'hi' },
    sentAt: clock.now(),
  };
  await sessions.record([message]);
  await clock.advance(999);
  expect((await sessions.record([message]))[0]?.result).toBe('duplicate');
  await clock.advance(1);
  const [again] = await sessions.record([message]);
  expect(again?.result).toBe('recorded');
  expect(isMessageId(again?.messageId ?? '')).toBe(true);
  expect(state.keys.size).toBe(1);
});
