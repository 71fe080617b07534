import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentDigests } from '@chasqui/domain';
import { expect, test } from 'vitest';
import type { Caller } from '../../worker-link/caller.ts';
import { openStoreEngine } from '../store-engine.ts';
import type { StoreOperations } from '../store-operations.ts';
import { RECORD_WIDTH } from '../store-operations.ts';
import { createSessionStore } from './session-store.ts';

const DIGEST = 4;
const message = {
  messageId: `0199c3d2a4f1${'0'.repeat(12)}`,
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  to: 'bob',
  clientMessageId: 'k',
  kind: 'c2c' as const,
  sentAt: 1_000,
  content: { text: 'hi', data: { z: 1, a: 2 } },
};

test('C4: what a release before recorded, with its digest, is the same message when it is sent again', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'chasqui-digests-'));
  const engine = openStoreEngine({
    path: join(dir, 'store.db'),
    dedupWindowMs: 60_000,
    epoch: 'e',
    renew: 'never',
    flushAt: { journalCharacters: 1_000, messages: 10 },
  });
  const handlers = engine.handlers as unknown as { [op: string]: (args: unknown, now: number) => unknown };
  const today = { call: async (op: string, args: unknown) => handlers[op]?.(args, 1_000) };
  const [, former] = contentDigests(message);
  /** As the release before called it: with its own digest, and no other. */
  const before = {
    call: (op: string, args: (string | number)[]) =>
      today.call(op, args.toSpliced(DIGEST, 1, former ?? '').toSpliced(RECORD_WIDTH - 1, 1, '')),
  };
  const store = (caller: unknown) => createSessionStore(caller as Caller<StoreOperations>);
  const results = async (caller: unknown, content: object) =>
    (await store(caller).record([{ ...message, content }])).map(({ result }) => result);

  expect(former).not.toBe(contentDigests(message)[0]);
  expect(await results(before, message.content)).toEqual(['recorded']);
  expect(await results(today, message.content)).toEqual(['duplicate']);
  expect(await results(today, { text: 'hi', data: { z: 2, a: 2 } })).toEqual(['conflict']);
  // What is recorded today knows itself in any order.
  const other = { ...message, clientMessageId: 'k2' };
  await store(today).record([other]);
  const turned = { ...other, content: { data: { a: 2, z: 1 }, text: 'hi' } };
  expect((await store(today).record([turned])).map(({ result }) => result)).toEqual(['duplicate']);
  engine.db.close();
});
