import { createManualClock } from '@chasqui/contracts';
import { RecentMessages } from '@chasqui/core';
import { encodeMessage, ImError, type Message, type MessageStatus, type StoredMessage } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryMessages, createMemorySearch } from '@chasqui/memory';
import type { BusDelivery, BusPublication, SearchIndex } from '@chasqui/ports';
import { expect, test, vi } from 'vitest';
import { IndexWriter } from '../../apps/datasync/src/index-writer.ts';
import { messagesOf, RECALL } from './samples.ts';

const delivery = (body: string): BusDelivery => ({
  id: '1',
  topic: 'search-sync',
  shard: 3,
  body,
  redelivered: false,
  publishedAt: 0,
});
const changed = (...messages: Pick<Message, 'conversationId' | 'messageId'>[]): BusDelivery =>
  delivery(
    JSON.stringify([{ messages: messages.map(({ conversationId, messageId }) => ({ conversationId, messageId })) }]),
  );

function stage() {
  const clock = createManualClock();
  const messageOf = messagesOf(clock);
  const messages = createMemoryMessages();
  const search = createMemorySearch();
  const written: string[][] = [];
  const refusals = new Map<string, Error>();
  const published: BusPublication[] = [];
  const counts = { indexed: 0, leftOut: 0 };
  const lately = new RecentMessages();
  const index: SearchIndex['index'] = async (documents) => {
    written.push(documents.map(({ text }) => text));
    const results = documents.map(({ text }) => refusals.get(text) ?? null);
    await search.index(documents.filter((_, at) => results[at] === null));
    return results;
  };
  const writer = new IndexWriter({
    messages,
    search: { index, remove: search.remove },
    lately,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    bus: { publish: async (publication) => void published.push(publication) },
    indexed: (count) => {
      counts.indexed += count;
    },
    leftOut: (count) => {
      counts.leftOut += count;
    },
  });
  const store = async (text: string): Promise<Message> => {
    const message = messageOf(text);
    await messages.put([{ ...encodeMessage(message), steps: [] }]);
    return message;
  };
  const find = async (text: string) =>
    (await search.search({ logs: ['ann'], text, limit: 10 })).map(({ text: found, status }) => `${found} ${status}`);
  return { clock, messages, search, writer, store, find, lately, written, refusals, published, counts };
}

const reached = (status: MessageStatus, ...messages: Pick<Message, 'conversationId' | 'messageId'>[]): BusDelivery =>
  delivery(
    JSON.stringify([
      { messages: messages.map(({ conversationId, messageId }) => ({ conversationId, messageId, status })) },
    ]),
  );

test('C3: a message that is indexed as it was told to be, or further, costs no second write', async () => {
  const { messages, writer, store, find, written } = stage();
  const message = await store('word');
  await messages.raise([{ ...message, member: 'bob', status: 'delivered', at: 1, node: 'n' }]);
  await writer.handle([reached('stored', message)]);
  await writer.handle([reached('delivered', message), reached('stored', message)]);
  expect([written.length, await find('word')]).toEqual([1, ['word delivered']]);
  await messages.raise([{ ...message, member: 'bob', status: 'read', at: 1, node: 'n' }]);
  await writer.handle([reached('read', message)]);
  expect([written.length, await find('word')]).toEqual([2, ['word read']]);
  await messages.apply([{ ...message, action: RECALL, node: 'n' }]);
  await writer.handle([changed(message)]);
  expect(await find('word')).toEqual([]);
});

test('C3: what could not be written is not taken for written', async () => {
  const { writer, store, find, search } = stage();
  const message = await store('word');
  const { index } = search;
  search.index = async () => Promise.reject(new ImError('search_unavailable', 'away'));
  await expect(writer.handle([reached('stored', message)])).rejects.toMatchObject({ code: 'search_unavailable' });
  search.index = index;
  await writer.handle([reached('stored', message)]);
  expect(await find('word')).toEqual(['word stored']);
});

test('C3: the index follows what the store says: texts, statuses, recalls, removals', async () => {
  const { messages, writer, store, find } = stage();
  const [one, two, three] = [await store('word one'), await store('word two'), await store('word three')];
  await writer.handle([changed(one, two), changed(three)]);
  expect(await find('word')).toEqual(['word three stored', 'word two stored', 'word one stored']);
  await messages.raise([{ ...one, member: 'bob', status: 'read', at: 1, node: 'n' }]);
  await messages.apply([{ ...two, action: RECALL, node: 'n' }]);
  await messages.remove([three]);
  await writer.handle([changed(one, two, three)]);
  expect(await find('word')).toEqual(['word one read']);
});

test('an event of the past does not bring the past back', async () => {
  const { messages, writer, store, find, search } = stage();
  const one = await store('word');
  const [before] = (await messages.get([one])) as [StoredMessage];
  await messages.apply([{ ...one, action: RECALL, node: 'n' }]);
  await writer.handle([changed(one)]);
  vi.spyOn(messages, 'get').mockResolvedValueOnce([before]);
  await writer.handle([changed(one)]);
  expect(await find('word')).toEqual([]);
  await search[Symbol.asyncDispose]();
});

test('a message that changed often in a batch is written once', async () => {
  const { writer, store, written } = stage();
  const [one, two] = [await store('one'), await store('two')];
  await writer.handle([changed(one, two, one), changed(one), changed(two)]);
  expect(written).toEqual([['one', 'two']]);
});

test('C3: a document that fails alone is tried again alone; its neighbours are found at once', async () => {
  const { clock, writer, store, find, written, refusals, counts } = stage();
  const batch = [await store('good one'), await store('bad one')];
  refusals.set('bad one', new ImError('invalid_request', 'odd'));
  const handled = writer.handle([changed(...batch)]);
  await clock.advance(10);
  expect(await find('one')).toEqual(['good one stored']);
  refusals.clear();
  await clock.advance(200);
  await handled;
  expect(written).toEqual([['good one', 'bad one'], ['bad one']]);
  expect(counts).toEqual({ indexed: 2, leftOut: 0 });
});

test('C16: a document that the engine will never take is left out and counted', async () => {
  const { clock, writer, store, refusals, counts } = stage();
  const batch = [await store('good'), await store('bad')];
  refusals.set('bad', new ImError('invalid_request', 'odd'));
  const handled = writer.handle([changed(...batch)]);
  await clock.advance(10_000);
  await handled;
  expect(counts).toEqual({ indexed: 1, leftOut: 1 });
});

test('C3: a document that the engine is only too busy for is never left out: the bus brings it again', async () => {
  const { clock, writer, store, refusals, counts } = stage();
  const busy = new ImError('search_unavailable', 'too busy');
  refusals.set('one', busy);
  const handled = expect(writer.handle([changed(await store('one'))])).rejects.toBe(busy);
  await clock.advance(10_000);
  await handled;
  expect(counts.leftOut).toBe(0);
});

test('C3: of an event of many messages the culprit alone is set apart, with the fields of a newer version', async () => {
  const { writer, store, find, messages, published } = stage();
  const [good, bad] = [await store('good'), await store('bad')];
  const { get } = messages;
  messages.get = async (keys) => {
    if (keys.some(({ messageId }) => messageId === bad.messageId)) throw new TypeError('a fault of ours');
    return get(keys);
  };
  const keys = [good, bad].map(({ conversationId, messageId }) => ({ conversationId, messageId }));
  await writer.handle([delivery(JSON.stringify([{ messages: keys, later: true }]))]);
  expect(await find('good')).toEqual(['good stored']);
  const [letter, ...others] = published.map(({ body }) => JSON.parse(body));
  expect(others).toEqual([]);
  expect(letter).toMatchObject([{ event: { messages: [keys[1]], later: true } }]);
});

test('C3: what is no event is set apart from its neighbours, or refused for good where it is alone', async () => {
  const { writer, store, find, published } = stage();
  const { conversationId, messageId } = await store('word');
  await writer.handle([
    delivery(JSON.stringify([{ messages: [{ messageId }] }, { messages: [{ conversationId, messageId }] }, null])),
  ]);
  expect(await find('word')).toEqual(['word stored']);
  expect(published).toEqual([
    { topic: 'search-sync', shard: 3, body: JSON.stringify([{ messages: [{ messageId }] }]) },
    { topic: 'search-sync', shard: 3, body: '[null]' },
  ]);
  for (const body of ['[null]', 'null', '{', '[{"messages":[{"messageId":"x","conversationId":"ann~bob"}]}]']) {
    await expect(writer.handle([delivery(body)])).rejects.toMatchObject({ code: 'invalid_request', retry: 'never' });
  }
});

test('C13: an index that answers late takes pieces of a large batch side by side, and no more than eight', async () => {
  const { store, messages, search, clock } = stage();
  const stored: Message[] = [];
  for (let n = 0; n < 2_000; n++) stored.push(await store('many'));
  let underWay = 0;
  let most = 0;
  const writer = new IndexWriter({
    messages,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    bus: { publish: async () => {} },
    search: {
      remove: search.remove,
      async index(documents) {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay--;
        return search.index(documents);
      },
    },
    indexed: () => {},
    leftOut: () => {},
  });
  await writer.handle([changed(...stored)]);
  expect(most).toBe(8);
  expect(await search.search({ logs: ['ann'], text: 'many', limit: 3_000 })).toHaveLength(2_000);
});

test('C13: what Business has stored in this process is indexed without a read, with the furthest status of the batch', async () => {
  const { writer, messages, store, find, lately } = stage();
  const [one, two] = [await store('word one'), await store('word two')];
  for (const message of [one, two]) lately.add(message);
  const reads = vi.spyOn(messages, 'get');
  await writer.handle([reached('stored', one, two), reached('unread', one)]);
  expect(reads.mock.calls.flatMap(([keys]) => keys)).toEqual([]);
  expect(await find('word')).toEqual(['word two stored', 'word one unread']);
});

test('C3: what may have changed since is read: after an action, in another conversation than of two, and a second time', async () => {
  const { writer, messages, store, find, lately } = stage();
  const [recalled, ofThree, again] = [await store('word one'), await store('word two'), await store('word three')];
  for (const message of [recalled, again]) lately.add(message);
  lately.add({ ...ofThree, conversationId: 'a~team', audience: ['ann', 'bob', 'cat'] });
  await messages.apply([{ ...recalled, action: RECALL, node: 'n' }]);
  await writer.handle([reached('stored', recalled, ofThree, again), changed(recalled)]);
  await messages.raise([{ ...again, member: 'bob', status: 'read', at: 1, node: 'n' }]);
  const reads = vi.spyOn(messages, 'get');
  await writer.handle([reached('delivered', again)]);
  expect(reads).toHaveBeenCalledOnce();
  expect(await find('word')).toEqual(['word three read', 'word two stored']);
});

test('C3: a document made of what was stored takes no place of a newer one', async () => {
  const { writer, messages, store, find, lately } = stage();
  const message = await store('word');
  await messages.apply([{ ...message, action: RECALL, node: 'n' }]);
  await writer.handle([changed(message)]);
  lately.add(message);
  await writer.handle([reached('unread', message)]);
  expect(await find('word')).toEqual([]);
});
