import { join } from 'node:path';
import type { ContentDigests, MessageContent } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { direct, toRecord } from '../../testing/direct-messages.ts';
import { scratchFolder } from '../../testing/scratch.ts';
import type { Caller } from '../../worker-link/caller.ts';
import { openStoreEngine } from '../store-engine.ts';
import type { StoreOperations } from '../store-operations.ts';
import { createConversationStore } from './conversation-store.ts';

const content = { text: 'hi', data: { z: 1, a: 2 } };
const messageOf = (clientMessageId: string, said: MessageContent) =>
  toRecord(direct({ messageId: `0199c3d2a4f1${'0'.repeat(12)}`, clientMessageId, content: said }));

test('C4: what a release before recorded, with its digest, is the same message when it is sent again', async () => {
  const engine = openStoreEngine({
    path: join(scratchFolder(), 'store.db'),
    dedupWindowMs: 60_000,
    epoch: 'e',
    renew: 'never',
    flushAt: { journalCharacters: 1_000, messages: 10 },
  });
  const handlers = engine.handlers as unknown as { [op: string]: (args: unknown, now: number) => unknown };
  const caller = { call: async (op: string, args: unknown) => handlers[op]?.(args, 1_000) };
  const store = createConversationStore(caller as Caller<StoreOperations>);
  const record = async (clientMessageId: string, said: MessageContent, digests?: ContentDigests) => {
    const message = messageOf(clientMessageId, said);
    return (await store.record([digests === undefined ? message : { ...message, digests }]))[0]?.result;
  };
  const [kept, former = ''] = messageOf('k', content).digests;

  expect(former).not.toBe(kept);
  expect(await record('k', content, [former])).toBe('recorded');
  expect(await record('k', content)).toBe('duplicate');
  expect(await record('k', { text: 'hi', data: { z: 2, a: 2 } })).toBe('conflict');
  // A current recording is recognized with its keys in any order.
  expect(await record('k2', content)).toBe('recorded');
  expect(await record('k2', { data: { a: 2, z: 1 }, text: 'hi' })).toBe('duplicate');
  engine.db.close();
});
