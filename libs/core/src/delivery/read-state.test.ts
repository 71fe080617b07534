import type { StoredMessage } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { ConversationEntry, EntryKey } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { readState } from './read-state.ts';

function messageOf(conversationId: string, from: string, messageId: string, audience: string[]): StoredMessage {
  return {
    messageId,
    conversationId,
    from,
    fromDevice: 'd',
    clientMessageId: messageId,
    kind: 'c2c',
    content: {},
    sentAt: 1,
    audience,
    statuses: {},
    revision: 0,
    steps: [],
  };
}

/** The statuses of messages for users who have read up to these ids; null: the user has no entry. */
async function statusesOf(messages: StoredMessage[], upTo: { [key: string]: string | null }) {
  const calls: (readonly EntryKey[])[] = [];
  const entries = async (keys: readonly EntryKey[]) => {
    calls.push(keys);
    return keys.map(({ userId, conversationId }): ConversationEntry | null => {
      const mark = upTo[`${conversationId} ${userId}`] ?? null;
      const rest = { lastMessageId: '9', lastFrom: userId, preview: '', unread: 0, updatedAt: 1 };
      return mark === null ? null : { userId, conversationId, ...rest, read: { upTo: mark, at: 1, node: 'n' } };
    });
  };
  const shown = await readState({ conversations: { entries }, logger: silentLogger }, messages);
  return { calls, statuses: shown.map(({ statuses }) => statuses) };
}

test('C7: one call asks for the marks of all addressees, and each sets the status of its own member', async () => {
  const messages = [
    messageOf('ann~bob', 'ann', '1', ['ann', 'bob']),
    messageOf('ann~bob', 'bob', '2', ['bob', 'ann']),
    messageOf('ann~bob', 'ann', '3', ['ann', 'bob']),
    messageOf('team', 'ann', '4', ['ann', 'bob', 'cat']),
  ];
  const { calls, statuses } = await statusesOf(messages, {
    'ann~bob bob': '2',
    'ann~bob ann': '2',
    'team bob': '4',
    'team cat': '3',
  });
  expect(statuses).toEqual([{ bob: 'read' }, { ann: 'read' }, {}, { bob: 'read' }]);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.map(({ userId, conversationId }) => `${conversationId} ${userId}`)).toEqual([
    ...['ann~bob bob', 'ann~bob ann', 'team bob', 'team cat'],
  ]);
});

test('C7: a message that never comes to its addressee is read once their mark is beyond it, as the receipt says', async () => {
  const { statuses } = await statusesOf([messageOf('ann~bob', 'ann', '1', ['ann'])], { 'ann~bob bob': '5' });
  expect(statuses).toEqual([{ bob: 'read' }]);
});

test('where there is nothing to ask, nothing is asked', async () => {
  expect((await statusesOf([], {})).calls).toEqual([]);
  const { statuses } = await statusesOf([messageOf('ann~bob', 'ann', '1', ['ann', 'bob'])], {});
  expect(statuses).toEqual([{}]);
});
