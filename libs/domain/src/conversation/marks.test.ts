import { expect, test } from 'vitest';
import type { StoredMessage } from '../message.ts';
import { directAudience } from './direct-conversation.ts';
import { isRead, overallStatus, type ReadMark, withMarks } from './marks.ts';

const THREE = { conversationId: 'three', audience: ['ann', 'bob', 'cat'] };

function message(fields: Partial<StoredMessage> = {}): StoredMessage {
  return {
    messageId: 'm5',
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'phone',
    clientMessageId: 'k',
    kind: 'c2c',
    content: {},
    sentAt: 1,
    audience: directAudience('ann', 'bob'),
    statuses: {},
    revision: 0,
    steps: [],
    ...fields,
  };
}

const mark = (userId: string, upTo: string): ReadMark => ({ userId, upTo, at: 1, node: 'n' });

test('C7: a message is read once its reader’s mark has reached it', () => {
  const statusAt = (upTo: string, fields: Partial<StoredMessage> = {}) =>
    overallStatus(withMarks(message(fields), [mark('bob', upTo)]));
  expect(['', 'm4', 'm5', 'm6'].map((upTo) => statusAt(upTo))).toEqual(['stored', 'stored', 'read', 'read']);
  expect(statusAt('m4', { statuses: { bob: 'delivered' } })).toBe('delivered');
  // As releases up to 0.1 stored it.
  expect(statusAt('', { statuses: { bob: 'read' } })).toBe('read');
});

test('C7: a mark reads what is addressed to its user, also what never came to them, as the receipt says; nothing of their own', () => {
  expect(isRead(message(), mark('ann', 'm9'))).toBe(false);
  const unheard = message({ audience: directAudience('ann', 'bob', true), statuses: { bob: 'unread' } });
  expect(overallStatus(withMarks(unheard, [mark('bob', 'm4')]))).toBe('unread');
  expect(overallStatus(withMarks(unheard, [mark('bob', 'm9')]))).toBe('read');
  expect(isRead(message(THREE), mark('eve', 'm9'))).toBe(false);
});

test('C7: the status of a message to many is that of whoever has it least', () => {
  const overall = (statuses: StoredMessage['statuses'], ...marks: ReadMark[]) =>
    overallStatus(withMarks(message({ ...THREE, statuses }), marks));
  expect(overall({ bob: 'read' })).toBe('stored');
  expect(overall({ bob: 'read', cat: 'unread' })).toBe('unread');
  expect(overall({ bob: 'delivered', cat: 'unread' }, mark('cat', 'm5'))).toBe('delivered');
  expect(overall({}, mark('cat', 'm5'), mark('bob', 'm7'))).toBe('read');
  expect(overallStatus(message({ conversationId: 'alone', audience: ['ann'] }))).toBe('stored');
});

test('marks change the message they are given in nothing that another holds', () => {
  const statuses = { bob: 'delivered' } as const;
  withMarks(message({ statuses }), [mark('bob', 'm5')]);
  expect(statuses).toEqual({ bob: 'delivered' });
});
