import { conversationStatesContract, conversationsContract, createManualClock, toRecord } from '@chasqui/contracts';
import { HybridClock, isMessageId } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { createMemoryConversations, type MemoryConversations } from './conversation-stores.ts';

const clock = createManualClock();
const ids = new HybridClock({ now: clock.now, tag: 9 });
let stores: MemoryConversations;

const harness = {
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
};

conversationStatesContract('memory', harness);
conversationsContract('memory', {
  ...harness,
  async spoilCount(userId, conversationId, count) {
    const entry = stores.state.entry(userId, conversationId);
    if (entry !== undefined) entry.unread = count;
  },
});

test('C4, C16: a clientMessageId is forgotten after the dedup window, and not before', async () => {
  const { conversations, state } = createMemoryConversations({ clock, ids, dedupWindowMs: 1_000 });
  const message = toRecord({
    messageId: ids.next(),
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'phone',
    clientMessageId: 'k',
    kind: 'c2c',
    content: { text: 'hi' },
    sentAt: clock.now(),
    audience: ['ann', 'bob'],
  });
  await conversations.record([message]);
  await clock.advance(999);
  expect((await conversations.record([message]))[0]?.result).toBe('duplicate');
  await clock.advance(1);
  const [again] = await conversations.record([message]);
  expect(again?.result).toBe('recorded');
  expect(isMessageId(again?.messageId ?? '')).toBe(true);
  expect(state.keys.size).toBe(1);
});
