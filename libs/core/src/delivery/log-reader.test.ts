import type { LogEntry, StoredMessage } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { ConversationEntry, ConversationStore, MessageStore, OfflineCache, UpdateLog } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { LogReader, type LogReaderOptions } from './log-reader.ts';

const conversationId = 'ann~bob';

function messageOf(messageId: string): StoredMessage {
  return {
    messageId,
    conversationId,
    from: 'ann',
    fromDevice: 'phone',
    clientMessageId: `c${messageId}`,
    kind: 'c2c',
    content: { text: `text ${messageId}` },
    sentAt: 1,
    audience: ['ann', 'bob'],
    statuses: { bob: 'unread' },
    revision: 0,
    steps: [],
  };
}

function entryOf(messageId: string, position: number): LogEntry {
  return { type: 'message', conversationId, messageId, from: 'ann', clientMessageId: `c${messageId}`, position };
}

type Parts = Pick<LogReaderOptions, 'logs' | 'messages' | 'cache'>;

/** `read`: the read marks of bob in the conversation; null: the store is unavailable. */
function readerOf(
  parts: Parts,
  entries: () => ConversationEntry[] | null = () => [],
  hidden: readonly string[] = [],
): LogReader {
  const conversations: Pick<ConversationStore, 'entries'> = {
    async entries(keys) {
      const found = entries();
      if (found === null) throw new Error('away');
      return keys.map((key) => found.find((entry) => entry.userId === key.userId) ?? null);
    },
  };
  const states = {
    hiddenAmong: async (_: string, keys: readonly { messageId: string }[]) =>
      keys.map(({ messageId }) => hidden.includes(messageId)),
  };
  const reactions = { seen: async (_: string, keys: readonly { messageId: string }[]) => keys.map(() => null) };
  return new LogReader({ ...parts, conversations, states, reactions, maxPageBytes: 100_000, logger: silentLogger });
}

function reader(
  entries: LogEntry[],
  cached: readonly StoredMessage[],
  stored: readonly StoredMessage[],
  asked: number[] = [],
  marks: () => ConversationEntry[] | null = () => [],
  hidden: readonly string[] = [],
) {
  const find = (among: readonly StoredMessage[], id: string) => among.find(({ messageId }) => messageId === id) ?? null;
  const logs = { page: async () => ({ entries, head: entries.length, floor: 0, epoch: 'e' }) };
  const cache = { get: async (_: string, ids: readonly string[]) => ids.map((id) => find(cached, id)) };
  const messages = {
    async get(keys: readonly { messageId: string }[]) {
      asked.push(keys.length);
      return keys.map((key) => find(stored, key.messageId));
    },
  };
  return readerOf(
    {
      logs: logs as Partial<UpdateLog> as UpdateLog,
      messages: messages as Partial<MessageStore> as MessageStore,
      cache: cache as Partial<OfflineCache> as OfflineCache,
    },
    marks,
    hidden,
  );
}

test('what was recalled is not given from the cache, whatever the cache still has', async () => {
  const recall: LogEntry = {
    type: 'action',
    action: 'recall',
    revision: 1,
    conversationId,
    messageId: '1',
    by: 'ann',
    at: 7,
    position: 3,
  };
  const cached = [messageOf('1'), messageOf('2')];
  const { updates } = await reader([entryOf('1', 1), entryOf('2', 2), recall], cached, []).page('bob', 0, 10);
  expect(updates).toMatchObject([
    { type: 'chat', messageId: '1', recalledAt: 7, recalledBy: 'ann' },
    { type: 'chat', messageId: '2', content: { text: 'text 2' } },
    { type: 'recall', messageId: '1' },
  ]);
  expect(updates[0]).not.toHaveProperty('content');
});

test('a page has the place of what its reader has hidden, and nothing of it, in quotes neither', async () => {
  const answer = { ...messageOf('2'), replyTo: { messageId: '1' } };
  const entries = [entryOf('1', 1), entryOf('2', 2)];
  const pageFor = (hidden: string[]) =>
    reader(entries, [messageOf('1')], [messageOf('1'), answer], [], undefined, hidden).page('bob', 0, 10);
  const { updates, position } = await pageFor(['1']);
  expect(updates).toMatchObject([
    { messageId: '1', hidden: true, position: 1 },
    { messageId: '2', replyTo: { messageId: '1' } },
  ]);
  expect(position).toBe(2);
  expect(JSON.stringify(updates)).not.toContain('text 1');
  expect((await pageFor([])).updates[1]).toMatchObject({
    quoted: { messageId: '1', from: 'ann', kind: 'text', text: 'text 1' },
  });
});

const readUpTo = (upTo: string): ConversationEntry => ({
  userId: 'bob',
  conversationId,
  lastMessageId: '3',
  lastFrom: 'ann',
  preview: '',
  unread: 0,
  updatedAt: 1,
  read: { upTo, at: 9, node: 'n' },
});

test.each([
  ['the marks say', () => [readUpTo('2')], ['read', 'read', 'unread']],
  ['is stored, while the marks cannot be read', () => null, ['unread', 'unread', 'unread']],
])('C7: a page shows the status that %s', async (_, marks, statuses) => {
  const all = ['1', '2', '3'];
  const entries = all.map((id, n) => entryOf(id, n + 1));
  const page = await reader(entries, [messageOf('1')], all.map(messageOf), [], marks).page('ann', 0, 10);
  expect(page.updates.map((update) => update.type === 'chat' && update.status)).toEqual(statuses);
});

test('C10: an entry whose message is still being stored ends the page, not caught up', async () => {
  const entries = [entryOf('1', 1), entryOf('2', 2), entryOf('3', 3)];
  const page = await reader(entries, [], [messageOf('1'), messageOf('3')]).page('bob', 0, 10);
  expect(page).toMatchObject({ updates: [{ messageId: '1', position: 1 }], position: 1, caughtUp: false });
});

test('C10: a message that the store has removed after its recall is shown as recalled; later ones may still be on their way', async () => {
  const ids = ['000000000005', '000000000006', '000000000007'].map((time) => time.padEnd(24, '0'));
  const entries = ids.map((id, n) => entryOf(id, n + 1));
  const logs = { page: async () => ({ entries, head: entries.length, floor: 0, epoch: 'e' }) };
  const messages = {
    get: async (keys: readonly unknown[]) => keys.map(() => null),
    droppedBelow: async () => '000000000007',
  };
  const parts = {
    logs: logs as Partial<UpdateLog> as UpdateLog,
    messages: messages as Partial<MessageStore> as MessageStore,
  };
  const page = await readerOf(parts).page('bob', 0, 10);
  expect(page).toMatchObject({ position: 2, caughtUp: false });
  expect(page.updates).toMatchObject(
    [5, 6].map((sentAt, n) => ({ type: 'chat', messageId: ids[n], from: 'ann', sentAt, recalledAt: sentAt })),
  );
  for (const update of page.updates) expect(update).not.toHaveProperty('content');
});

test('C16: no more bodies are read than a page has room for, and none is left out', async () => {
  const stored = (text: string) => Array.from({ length: 500 }, (_, n) => ({ ...messageOf(`${n}`), content: { text } }));
  const entries = stored('').map(({ messageId }, n) => entryOf(messageId, n + 1));
  const [long, short]: number[][] = [[], []];
  const first = await reader(entries, [], stored('x'.repeat(5_000)), long).page('bob', 0, 500);
  expect(first).toMatchObject({ position: 20, caughtUp: false });
  expect(long).toEqual([64]);
  const some = entries.slice(0, 400);
  const whole = await reader(some, [], stored('x'), short).page('bob', 0, 400);
  expect(whole.updates.map(({ position }) => position)).toEqual(some.map(({ position }) => position));
  expect(whole).toMatchObject({ position: 400, caughtUp: true });
  expect(short?.length).toBeLessThan(4);
});

/** An inbox with `head` messages left, after a restore that removed later ones. */
function cutInbox(head: number) {
  const log = { epoch: 'e', head };
  const entriesOf = (after: number) =>
    Array.from({ length: Math.max(0, log.head - after) }, (_, i) => entryOf(String(after + i + 1), after + i + 1));
  const logs = {
    page: async (_: string, after: number) => ({
      entries: entriesOf(after),
      head: log.head,
      floor: 0,
      epoch: log.epoch,
    }),
    async renew(_: string, epoch: string) {
      if (epoch === log.epoch) log.epoch = `${epoch}.1`;
    },
  };
  const cache = { get: async (_: string, ids: readonly string[]) => ids.map(messageOf) };
  const subject = readerOf({
    logs: logs as Partial<UpdateLog> as UpdateLog,
    cache: cache as Partial<OfflineCache> as OfflineCache,
    messages: {} as MessageStore,
  });
  const sync = async (position: number, epoch?: string) => {
    const { reset, updates, epoch: now } = await subject.page('bob', position, 100, epoch);
    return {
      reset,
      first: updates[0]?.type === 'chat' ? updates[0].position : undefined,
      count: updates.length,
      epoch: now,
    };
  };
  return { log, sync };
}

test("C10: a device beyond the head proves that the log was cut: the user's other devices are reset too, also once the head has passed them", async () => {
  const { log, sync } = cutInbox(20);
  expect(await sync(40, 'e')).toEqual({ reset: true, first: 1, count: 20, epoch: 'e.1' });
  log.head = 60;
  expect(await sync(35, 'e')).toEqual({ reset: true, first: 1, count: 60, epoch: 'e.1' });
  expect(await sync(20, 'e.1')).toEqual({ reset: false, first: 21, count: 40, epoch: 'e.1' });
});

test.each([
  ['no epoch', undefined],
  ['another epoch', 'other'],
])(
  'C10: a position beyond the head with %s proves nothing of this log: that device alone is reset',
  async (_, epoch) => {
    const { sync } = cutInbox(20);
    expect(await sync(40, epoch)).toMatchObject({ reset: true, epoch: 'e' });
    expect(await sync(20, 'e')).toMatchObject({ reset: false, epoch: 'e' });
  },
);

/** An inbox with epoch `now` whose entries up to `floor` are trimmed. */
function trimmed(floor: number, head: number) {
  const stored = Array.from({ length: head }, (_, n) => messageOf(`${n + 1}`));
  const entries = stored.map(({ messageId }, n) => entryOf(messageId, n + 1));
  const page = async (_: string, after: number, limit: number) => {
    const from = Math.max(after, floor);
    return { entries: entries.slice(from, from + limit), head, floor, epoch: 'now' };
  };
  return readerOf({
    logs: { page } as Partial<UpdateLog> as UpdateLog,
    messages: {
      get: async (keys: readonly { messageId: string }[]) => keys.map(({ messageId }) => messageOf(messageId)),
    } as Partial<MessageStore> as MessageStore,
    cache: {
      get: async (_: string, ids: readonly string[]) => ids.map(() => null),
    } as Partial<OfflineCache> as OfflineCache,
  });
}

test.each([
  ['a position beyond the head, of no epoch', 9, undefined],
  ['a position that is trimmed', 1, 'now'],
  ['the very beginning, where it is trimmed', 0, undefined],
  ['a position of another epoch', 4, 'before'],
])('C10: %s gets a reset, and everything from the floor on', async (_, after, epoch) => {
  const page = await trimmed(2, 5).page('bob', after, 10, epoch);
  expect(page).toMatchObject({ reset: true, position: 5, caughtUp: true, epoch: 'now' });
  expect(page.updates.map(({ position }) => position)).toEqual([3, 4, 5]);
});

test.each([
  ['the floor', 2, 2, 'now'],
  ['a position between', 2, 3, 'now'],
  ['the head', 2, 5, 'now'],
  ['a position of no epoch', 2, 3, undefined],
  ['the very beginning, of another epoch: nothing can have been skipped', 0, 0, 'before'],
])('C10: %s gets no reset', async (_, floor, after, epoch) => {
  const page = await trimmed(floor, 5).page('bob', after, 10, epoch);
  expect(page).toMatchObject({ reset: false, position: 5, caughtUp: true });
  expect(page.updates).toHaveLength(5 - after);
});

const editOf = (messageId: string, revision: number, position: number): LogEntry => {
  const what = { type: 'action', action: 'edit', revision, conversationId, messageId, by: 'ann', at: 7 } as const;
  return { ...what, position };
};
const edited = (messageId: string, text: string, revision: number): StoredMessage => ({
  ...messageOf(messageId),
  ...{ content: { text }, editedAt: 8, editIds: ['a'], revision },
});

test('an edit shows the message as it is now: from the store, whatever the cache still has', async () => {
  const stored = [edited('1', 'third', 3)];
  const entries = [entryOf('1', 1), entryOf('2', 2), editOf('1', 1, 3), editOf('1', 3, 4)];
  const { updates } = await reader(entries, [messageOf('1'), messageOf('2')], stored).page('bob', 0, 10);
  const now = { messageId: '1', content: { text: 'third' }, editedAt: 8, revision: 3 };
  expect(updates).toMatchObject([
    { type: 'chat', ...now },
    { type: 'chat', messageId: '2', content: { text: 'text 2' } },
    { type: 'action', action: 'edit', ...now, position: 3 },
    { type: 'action', action: 'edit', ...now, position: 4 },
  ]);
  expect(updates[1]).not.toHaveProperty('revision');
});

test('C3: an edit of a message that was recalled since, or is gone, shows no content', async () => {
  const gone: StoredMessage = { ...edited('1', '', 2), content: {}, recalledAt: 9 };
  const { updates, caughtUp } = await reader([editOf('1', 1, 1), editOf('2', 1, 2)], [], [gone]).page('bob', 0, 10);
  expect(updates).toEqual([
    { ...editOf('1', 1, 1), type: 'action' },
    { ...editOf('2', 1, 2), type: 'action' },
  ]);
  expect(caughtUp).toBe(true);
});

test('C20: an edit in a group shows no message from before what the reader sees of it', async () => {
  const stored = [edited('1', 'before', 1), edited('5', 'seen', 1)];
  const intervals = [{ after: 0, afterId: '3' }];
  const read = reader([editOf('1', 1, 1), editOf('5', 1, 2)], [], stored);
  const { updates } = await read.groupPage(
    'bob',
    'team',
    { intervals, member: { leftAt: 0 } },
    { after: 0, limit: 10 },
  );
  expect(updates.map((update) => 'content' in update && update.content)).toEqual([false, { text: 'seen' }]);
});
