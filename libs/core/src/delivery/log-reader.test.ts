import type { LogEntry } from '@chasqui/domain';
import type { ConversationEntry, MessageStore, UpdateLog } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { conversationId, entryOf, messageOf, reader, readerOf } from '../testing/log-readers.ts';

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
