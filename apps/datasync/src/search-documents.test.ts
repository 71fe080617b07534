import { applyAction, directAudience, type StoredMessage } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { searchDocument, versionOf } from './search-documents.ts';

const message: StoredMessage = {
  messageId: '0'.repeat(24),
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  sentAt: 1,
  clientMessageId: 'k',
  kind: 'c2c',
  content: { text: 'word' },
  audience: directAudience('ann', 'bob'),
  statuses: { bob: 'delivered' },
  revision: 0,
  steps: [],
};

test('C3: versions are those that earlier releases wrote, and every action outranks every status', () => {
  const recalled = applyAction(message, { action: 'recall', revision: 1, by: 'ann', at: 2 });
  expect([message, recalled].map((one) => searchDocument(one).version)).toEqual([3, 13]);
  expect(versionOf('read')).toBeLessThan(versionOf('stored', 1));
  expect(versionOf('read', 1)).toBeLessThan(versionOf('stored', 2));
  expect(searchDocument(recalled)).toMatchObject({ text: '', status: 'delivered' });
});

test('C13: a document is for the sender and for whose inbox its message comes to, each once', () => {
  const logsOf = (audience: string[]) => searchDocument({ ...message, audience }).logs.toSorted();
  expect(logsOf(['ann', 'bob'])).toEqual(['ann', 'bob']);
  expect(logsOf(['ann'])).toEqual(['ann']);
  expect(logsOf(['bob', 'cat'])).toEqual(['ann', 'bob', 'cat']);
});

test('C19: a message of a group is found by its log, whatever the number of members', () => {
  const inGroup = { ...message, conversationId: 'team', kind: 'group', audience: ['~team'] } as const;
  expect(searchDocument(inGroup).logs).toEqual(['~team']);
});
