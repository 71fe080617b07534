import { DataSync, GATHER_MS } from '@chasqui/app-datasync/core';
import { rebuildIndex } from '@chasqui/app-datasync/rebuild';
import { createManualClock } from '@chasqui/contracts';
import { joinEvents } from '@chasqui/core';
import { type Clock, DEFAULT_LIMITS, encodeMessage, ImError, type Message, SEARCH_TOPIC } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryBus, createMemoryMessages, createMemorySearch } from '@chasqui/memory';
import type { SearchIndex } from '@chasqui/ports';
import { expect, test, vi } from 'vitest';
import { silentMetrics } from '../simulation/silent-metrics.ts';
import { messagesOf, RECALL } from './samples.ts';

const PAGE = 1_000;

/** A store with more than one page of messages, an empty index, and a DataSync that indexes changes. */
async function stage() {
  const clock = createManualClock();
  const random = () => 0.5;
  const messageOf = messagesOf(clock);
  const messages = createMemoryMessages();
  const search = createMemorySearch();
  const bus = createMemoryBus({ clock, random, shards: 1 });
  new DataSync({
    runtime: {
      nodeId: 'datasync-1',
      clock,
      random,
      limits: DEFAULT_LIMITS,
      logger: silentLogger,
      metrics: silentMetrics,
    },
    engines: { bus, messages, search },
  });
  const put = async (text: string): Promise<Message> => {
    const message = messageOf(text);
    await messages.put([{ ...encodeMessage(message), steps: [] }]);
    return message;
  };
  const tell = async ({ conversationId, messageId }: Message): Promise<void> => {
    const body = joinEvents([JSON.stringify({ messages: [{ conversationId, messageId }] })]);
    await bus.publish({ topic: SEARCH_TOPIC, shard: 0, body });
    // DataSync collects a batch for a moment before it writes.
    await clock.advance(1.5 * GATHER_MS + 50);
  };
  const find = async (text: string) =>
    (await search.search({ logs: ['ann'], text, limit: 100 })).map((hit) => hit.text);
  return { clock, random, messages, search, put, tell, find };
}

type Stage = Awaited<ReturnType<typeof stage>>;

/** Rebuilds, and makes `change` right before or right after the new index takes the page that has the message. */
async function rebuildWhile(on: Stage, when: 'before' | 'after', change: () => Promise<void>): Promise<void> {
  let changed = false;
  const search: Pick<SearchIndex, 'rebuild' | 'remove'> = {
    remove: (keys) => on.search.remove(keys),
    async rebuild(options) {
      const rebuild = await on.search.rebuild(options);
      return {
        ...rebuild,
        [Symbol.asyncDispose]: () => rebuild[Symbol.asyncDispose](),
        async index(documents) {
          const first = !changed;
          changed = true;
          if (first && when === 'before') await change();
          const results = await rebuild.index(documents);
          if (first && when === 'after') await change();
          return results;
        },
      };
    },
  };
  await rebuildIndex({ ...on, search }, () => {});
  expect(changed).toBe(true);
}

test('C3: a rebuild finds every message, page by page, and tells how far it is', async () => {
  const on = await stage();
  for (let n = 0; n < PAGE + 5; n++) await on.put(n % 100 === 0 ? `rare text${n}` : `text${n}`);
  const progress = vi.fn();
  expect(await rebuildIndex(on, progress)).toEqual({ messages: PAGE + 5, refused: 0 });
  expect(progress.mock.calls).toEqual([[{ messages: PAGE, refused: 0 }], [{ messages: PAGE + 5, refused: 0 }]]);
  expect(await on.find('rare')).toHaveLength(11);
});

test.each(['before', 'after'] as const)(
  'C3: a second id that vanishes right %s the new index takes it does not come back',
  async (when) => {
    const on = await stage();
    const [second, kept] = [await on.put('word twice'), await on.put('word')];
    await rebuildWhile(on, when, async () => {
      await on.messages.remove([second]);
      await on.tell(second);
    });
    expect(await on.find('word')).toEqual([kept.content.text]);
  },
);

test.each(['before', 'after'] as const)(
  'C3: what is recalled right %s the new index takes it stays so',
  async (when) => {
    const on = await stage();
    const [gone] = [await on.put('word gone'), await on.put('word kept')];
    await rebuildWhile(on, when, async () => {
      await on.messages.apply([{ ...gone, action: RECALL, node: 'n' }]);
      await on.tell(gone);
    });
    expect(await on.find('word')).toEqual(['word kept']);
  },
);

test('C3: what is stored meanwhile is in the new index, and found in the old one at once', async () => {
  const on = await stage();
  await on.put('word old');
  await rebuildWhile(on, 'after', async () => {
    await on.tell(await on.put('word new'));
    expect(await on.find('word')).toEqual(['word new']);
  });
  expect(await on.find('word')).toEqual(['word new', 'word old']);
});

test('C3: an engine that is too busy for a document ends the rebuild; the old index stays', async () => {
  const on = await stage();
  await on.tell(await on.put('word'));
  await on.put('word late');
  const busy = new ImError('search_unavailable', 'too busy');
  const search: Pick<SearchIndex, 'rebuild' | 'remove'> = {
    remove: on.search.remove,
    async rebuild(options) {
      const rebuild = await on.search.rebuild(options);
      const index = async (documents: readonly unknown[]) => documents.map(() => busy);
      return { ...rebuild, index, [Symbol.asyncDispose]: () => rebuild[Symbol.asyncDispose]() };
    },
  };
  const rebuilt = expect(rebuildIndex({ ...on, search }, () => {})).rejects.toBe(busy);
  await on.clock.advance(20_000);
  await rebuilt;
  expect(await on.find('word')).toEqual(['word']);
});

test('C3: an interrupted rebuild goes on behind the pages that the index has noted, and finds what came meanwhile', async () => {
  const on = await stage();
  for (let n = 0; n < 7 * PAGE + 5; n++) await on.put(n % 1_000 === 0 ? `rare text${n}` : `text${n}`);
  const { scan } = on.messages;
  const asked: (string | null)[] = [];
  on.messages.scan = (cursor, limit) => {
    asked.push(cursor);
    return scan(cursor, limit);
  };
  const stop = (progress: { messages: number }) => {
    if (progress.messages === 6 * PAGE) throw new Error('interrupted');
  };
  await expect(rebuildIndex({ ...on, resume: true }, stop)).rejects.toThrow('interrupted');
  expect([asked.length, await on.find('rare')]).toEqual([6, []]);
  const later = await on.put('rare and late');
  await on.tell(later);
  const wholeUpTo = asked[5];
  asked.splice(0);
  expect(await rebuildIndex({ ...on, resume: true }, () => {})).toEqual({ messages: 2 * PAGE + 6, refused: 0 });
  expect(asked[0]).toBe(wholeUpTo);
  expect(await on.find('rare')).toHaveLength(9);
});

test('a rebuild in the background pauses after each page for as long as the page took; one that somebody waits for does not', async () => {
  const on = await stage();
  for (let n = 0; n < 2 * PAGE + 5; n++) await on.put(`text${n}`);
  const { scan } = on.messages;
  let [now, pageMs] = [0, 40];
  on.messages.scan = (cursor, limit) => {
    now += pageMs;
    return scan(cursor, limit);
  };
  const pauses: number[] = [];
  const after: Clock['after'] = (ms, callback) => {
    pauses.push(ms);
    queueMicrotask(callback);
    return { cancel() {} };
  };
  const clock = { ...on.clock, monotonic: () => now, after };
  await rebuildIndex({ ...on, clock, resume: true }, () => {});
  expect(pauses.splice(0)).toEqual([40, 40]);
  pageMs = 60_000;
  await rebuildIndex({ ...on, clock, resume: true }, () => {});
  expect(pauses.splice(0)).toEqual([2_000, 2_000]);
  await rebuildIndex({ ...on, clock }, () => {});
  expect(pauses).toEqual([]);
});
