import type { LogEntry, StoredMessage } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { conversationId, entryOf, messageOf, reader } from '../testing/log-readers.ts';

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
