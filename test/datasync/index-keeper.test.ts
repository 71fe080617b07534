import { setImmediate as turn } from 'node:timers/promises';
import { createManualClock } from '@chasqui/contracts';
import { encodeMessage, ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryMessages, createMemorySearch } from '@chasqui/memory';
import { expect, test } from 'vitest';
import { IndexKeeper } from '../../apps/datasync/src/index-keeper.ts';
import { messagesOf } from './samples.ts';

/** An index that needs a rebuild when `due.now` says so, as a damaged one does. */
async function stage() {
  const clock = createManualClock();
  const messages = createMemoryMessages();
  const search = createMemorySearch();
  const due = { now: true, asked: 0 };
  const { rebuild } = search;
  search.rebuildDue = async () => {
    due.asked++;
    return due.now;
  };
  search.rebuild = async () => {
    const started = await rebuild();
    const commit = async () => {
      await started.commit();
      due.now = false;
    };
    return { ...started, commit };
  };
  const message = messagesOf(clock)('kept words');
  await messages.put([{ ...encodeMessage(message), steps: [] }]);
  const keeper = () => new IndexKeeper({ messages, search, clock, random: () => 0.5, logger: silentLogger });
  const found = async () => (await search.search({ logs: ['ann'], text: 'kept', limit: 1 })).length;
  return { clock, messages, search, due, keeper, found };
}

test('C13: an index that is due at the start is rebuilt from the message store, unasked', async () => {
  const { clock, due, keeper, found } = await stage();
  expect(await found()).toBe(0);
  await using _ = keeper();
  await clock.advance(10);
  expect([await found(), due.now]).toEqual([1, false]);
});

test('C13: an index that is damaged while everything runs is rebuilt too', async () => {
  const { clock, due, keeper, found } = await stage();
  due.now = false;
  await using _ = keeper();
  await clock.advance(10);
  expect(await found()).toBe(0);
  due.now = true;
  await clock.advance(20_000);
  expect(await found()).toBe(1);
});

test('C13: an engine that is away is asked again', async () => {
  const { clock, messages, search, keeper, found } = await stage();
  const [{ scan }, { rebuildDue }] = [{ ...messages }, { ...search }];
  search.rebuildDue = async () => Promise.reject(new ImError('search_unavailable', 'away'));
  messages.scan = async () => Promise.reject(new ImError('store_unavailable', 'away'));
  await using _ = keeper();
  await clock.advance(20_000);
  search.rebuildDue = rebuildDue;
  await clock.advance(20_000);
  expect(await found()).toBe(0);
  messages.scan = scan;
  await clock.advance(20_000);
  expect(await found()).toBe(1);
});

test('C14: closing gives up a rebuild, which stays due', async () => {
  const { clock, messages, due, keeper, found } = await stage();
  const { scan } = { ...messages };
  // A message store whose history never ends.
  messages.scan = async (cursor, limit) => {
    await turn();
    return { ...(await scan(cursor, limit)), cursor: '' };
  };
  const running = keeper();
  await clock.advance(10);
  await running[Symbol.asyncDispose]();
  expect([await found(), due.now]).toEqual([0, true]);
});
