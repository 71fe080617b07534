import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { searchIndexContract } from '@chasqui/contracts';
import { formatMessageId } from '@chasqui/domain';
import type { SearchDocument } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { openPromptSearch, openSearchOnly } from '../testing/parts.ts';
import { parts, scratchFolder, scratchHarness } from '../testing/scratch.ts';
import { createSearchIndex } from './search-index.ts';

searchIndexContract('embedded', {
  ...scratchHarness(async (given) => {
    const opened = await openPromptSearch(given);
    return { ...opened, subject: createSearchIndex(opened.subject) };
  }),
  settle: async () => {},
});

const document = (n: number): SearchDocument => ({
  messageId: formatMessageId({ millis: 1_700_000_000_000 + n, counter: 0, tag: 1 }),
  conversationId: 'ann:bob',
  from: 'ann',
  logs: ['ann', 'bob'],
  sentAt: 1,
  status: 'stored',
  text: `word${n}`,
  version: 1,
});

test('C13: a search is answered at once while what is written waits for its turn; closing writes it', async () => {
  const { subject, close } = await openSearchOnly({ ...parts, dataDir: scratchFolder() });
  const index = createSearchIndex(subject);
  await index.index([document(1)]);
  let isWritten = false;
  const written = index.index([document(2)]).then(() => {
    isWritten = true;
  });
  expect(await index.search({ logs: ['ann'], text: 'word1', limit: 1 })).toHaveLength(1);
  await turn();
  expect(isWritten).toBe(false);
  await close();
  await written;
});

test('C3: what was acknowledged before a kill is found, also when the kill came while segments were being made', async () => {
  const dataDir = scratchFolder();
  const CALLS = 8;
  const EACH = 300;
  const acknowledged: number[] = [];
  let next = 0;
  for (let life = 0; life < 6; life++) {
    const { subject, abandon } = await openSearchOnly({ ...parts, dataDir });
    const index = createSearchIndex(subject);
    const texts = acknowledged.map((n) => `word${n}`);
    const hits = await Promise.all(texts.map((text) => index.search({ logs: ['ann'], text, limit: 1 })));
    expect(hits.map(([hit]) => hit?.text)).toEqual(texts);
    // Eight calls make a transaction at once. Two of them make more than a segment, which the third may still write.
    const write = () =>
      Promise.all(
        Array.from({ length: CALLS }, () => index.index(Array.from({ length: EACH }, () => document(next++)))),
      );
    const first = next;
    await write();
    await write();
    for (let n = first; n < next; n += EACH) acknowledged.push(n, n + EACH - 1);
    void write().catch(() => {});
    await sleep(4 * life);
    await abandon();
  }
  expect(acknowledged).toHaveLength(6 * 2 * 2 * CALLS);
}, 60_000);

test('C13: what makes a large transaction does not wait for its turn', async () => {
  const { subject, close } = await openSearchOnly({ ...parts, dataDir: scratchFolder() });
  const index = createSearchIndex(subject);
  let next = 1;
  /** The duration of back-to-back writes; the best of several tries, because other processes use the machine too. */
  const fastest = async (writes: number): Promise<number> => {
    const tries: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      await index.index([document(next++)]);
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: writes }, () => index.index([document(next++)])));
      tries.push(performance.now() - startedAt);
    }
    return Math.min(...tries);
  };
  expect(await fastest(7)).toBeGreaterThan(150);
  expect(await fastest(8)).toBeLessThan(150);
  await close();
});
