import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { direct, toRecord } from '../../testing/direct-messages.ts';
import { scratchFolder } from '../../testing/scratch.ts';
import type { Caller } from '../../worker-link/caller.ts';
import { openStoreEngine } from '../store-engine.ts';
import type { StoreOperations } from '../store-operations.ts';
import { createConversationStore } from './conversation-store.ts';
import { TOUCH_MS } from './record-messages.ts';

const path = join(scratchFolder(), 'store.db');

/** Each call is a transaction. */
function openStore() {
  const { db, handlers, beforeCommit } = openStoreEngine({
    path,
    dedupWindowMs: 60_000,
    epoch: 'e',
    flushAt: { journalCharacters: 40_000, messages: 100 },
  });
  const operations = handlers as unknown as { [op: string]: (args: unknown, now: number) => unknown };
  const call = async (op: string, args: unknown) => {
    db.begin();
    const result = operations[op]?.(args, 1_000);
    beforeCommit?.(1_000);
    db.commit();
    return result;
  };
  return { db, conversations: createConversationStore({ call } as Caller<StoreOperations>) };
}

describe('conversations that begin, or come to the top, while others are flushed', () => {
  const newest = new Map<string, number>();
  let now = 0;

  async function write({ conversations }: ReturnType<typeof openStore>, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const n = ++now;
      // Every other message begins a conversation.
      const to = `peer${n % 2 === 0 ? n : (n * 7) % Math.max(1, n - 1)}`;
      newest.delete(to);
      newest.set(to, n);
      const messageId = `0190${String(n).padStart(20, '0')}`;
      const message = direct({ messageId, to, clientMessageId: `${n}`, sentAt: n * TOUCH_MS });
      await conversations.record([toRecord(message)]);
    }
  }

  test('are all in the list, in its order, also after the process ended', async () => {
    for (let round = 0; round < 8; round++) {
      const store = openStore();
      await write(store, 300);
      const listed = await store.conversations.list('ann', 10_000);
      store.db.close();
      expect(listed.map(({ updatedAt }) => updatedAt / TOUCH_MS)).toEqual([...newest.values()].reverse());
    }
  });
});
