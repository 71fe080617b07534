import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defined, formatMessageId, type Message } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { direct, toPut } from '../../testing/direct-messages.ts';
import { parts, scratchFolder } from '../../testing/scratch.ts';
import { openStores } from '../open-stores.ts';
import { createMessageStore } from './message-store.ts';

/** Messages per zone of the store: see `IdZoneMap`. */
const ZONE = 1_024;

const folder = scratchFolder();
let made = 0;

function message(n: number): Message {
  const messageId = formatMessageId({ millis: 1_800_000_000_000 + n, counter: 0, tag: 1 });
  return direct({ messageId, clientMessageId: `key-${n}`, sentAt: n });
}

/** A store that is reopened repeatedly in one folder. */
function stage(flushAt?: { journalCharacters: number; messages: number }) {
  const dataDir = join(folder, String(++made));
  mkdirSync(dataDir);
  let written = 0;
  return {
    async withStore<T>(use: (messages: ReturnType<typeof createMessageStore>) => Promise<T>): Promise<T> {
      const link = await openStores({ ...parts, dataDir }, defined({ flushAt }));
      try {
        return await use(createMessageStore(link));
      } finally {
        await link[Symbol.asyncDispose]();
      }
    },
    next: (count: number) => Array.from({ length: count }, () => toPut(message(++written))),
  };
}

test.each([ZONE - 2, ZONE - 1, ZONE, ZONE + 1, ZONE + 2, 2 * ZONE - 1, 2 * ZONE])(
  'C3: traces of all messages are found after a restart at %i messages',
  async (count) => {
    const { withStore, next } = stage();
    await withStore((messages) => messages.put(next(count)));
    await withStore((messages) => messages.put(next(3)));
    await withStore(async (messages) => {
      await messages.put(next(ZONE));
      const places = [1, 2, ZONE - 2, ZONE - 1, ZONE, ZONE + 1, count - 1, count, count + 1, count + 4, count + ZONE];
      for (const n of places) {
        expect([n, (await messages.locate(message(n).messageId))?.conversationId]).toEqual([n, 'ann~bob']);
      }
    });
  },
);

test('C3: what an earlier version has lost is found again when its file is opened', async () => {
  const { withStore, next } = stage();
  for (const count of [ZONE - 1, ZONE, ZONE]) await withStore((messages) => messages.put(next(count)));
  await withStore(async (messages) => {
    expect(await messages.locate(message(1).messageId)).not.toBeNull();
    expect(await messages.locate(message(2 * ZONE - 1).messageId)).not.toBeNull();
  });
});

test('C3: a message that takes the place of a removed one is in the history after two restarts', async () => {
  const { withStore, next } = stage({ journalCharacters: 100, messages: 5 });
  await withStore(async (messages) => {
    await messages.put(next(10));
    // Each write flushes some more: in the end all ten are indexed.
    for (let i = 0; i < 10; i++) await messages.put(next(1));
    await messages.remove([message(20), message(19), message(18), message(17), message(16), message(15)]);
  });
  await withStore((messages) => messages.put([toPut(message(21))]));
  await withStore(async (messages) => {
    const page = await messages.page('ann~bob', { limit: 100 });
    expect(page.map(({ messageId }) => messageId)).toContain(message(21).messageId);
  });
});

test('C3: a message that is removed and stored again while the index is flushed stays in the history', async () => {
  const { withStore, next } = stage({ journalCharacters: 100, messages: 300 });
  await withStore(async (messages) => {
    const first = next(250);
    await messages.put(first);
    // The flush begins, and takes some more writes.
    await messages.put(next(50));
    for (let i = 0; i < 4; i++) {
      await messages.remove([message(1 + i)]);
      await messages.put([toPut(message(1 + i))]);
    }
    for (let i = 0; i < 10; i++) await messages.put(next(1));
    const page = await messages.page('ann~bob', { limit: 1_000 });
    expect(page.map(({ clientMessageId }) => clientMessageId).slice(-5)).toEqual(
      [5, 4, 3, 2, 1].map((n) => `key-${n}`),
    );
  });
});
