import { describe, expect, it } from 'vitest';
import type { ConversationBody } from '../api-bodies.ts';
import { ownMessage, sampleId, sampleMessage } from '../testing/sample-message.ts';
import {
  type ConversationList,
  unreadOf,
  withMark,
  withMessage,
  withoutMessage,
  withRead,
  withRecalled,
  withRows,
} from './conversation-list.ts';
import { shownRows } from './conversation-order.ts';

const row = (last: number, unread: number, more: Partial<ConversationBody> = {}): ConversationBody => ({
  conversationId: 'ann~bob',
  peer: 'bob',
  unread,
  updatedAt: last * 1000,
  lastMessage: { messageId: sampleId(last), from: 'bob', preview: `text ${last}` },
  ...more,
});
const empty: ConversationList = new Map();

function bob(list: ConversationList) {
  const found = list.get('ann~bob');
  if (found === undefined) throw new Error('bob is not in the list');
  return found;
}

describe('unread counts in the list', () => {
  it('C8: add what came in after the server counted', () => {
    const list = withMessage(withRows(empty, [row(5, 2)]), sampleMessage(6));
    expect(unreadOf(bob(list))).toBe(3);
  });

  it('C8: do not count a message twice that the server counted as well', () => {
    const before = withMessage(withMessage(empty, sampleMessage(5)), sampleMessage(6));
    expect(unreadOf(bob(before))).toBe(2);
    expect(unreadOf(bob(withRows(before, [row(6, 2)])))).toBe(2);
    const after = withMessage(withRows(empty, [row(6, 2)]), sampleMessage(6));
    expect(unreadOf(bob(after))).toBe(2);
  });

  it('C8: count a message once whose provisional id changes, and not at all when it is retracted', () => {
    const live = withMessage(withRows(empty, [row(5, 0)]), sampleMessage(6, { provisional: true }));
    const confirmed = withMessage(live, sampleMessage(7, { clientMessageId: 'c6' }));
    expect(unreadOf(bob(confirmed))).toBe(1);
    expect(unreadOf(bob(withoutMessage(live, 'ann~bob', sampleId(6))))).toBe(0);
  });

  it('C8: own messages are never unread', () => {
    expect(unreadOf(bob(withMessage(withRows(empty, [row(5, 0)]), ownMessage(6))))).toBe(0);
  });

  it('are gone at once when this device marks them read, before the server knows', () => {
    const marked = withMark(withMessage(withRows(empty, [row(5, 2)]), sampleMessage(6)), 'ann~bob', sampleId(6));
    expect(unreadOf(bob(marked))).toBe(0);
    expect(unreadOf(bob(withRows(marked, [row(6, 3)])))).toBe(0);
    expect(unreadOf(bob(withMessage(marked, sampleMessage(7))))).toBe(1);
  });

  it('follow what is read on another device', () => {
    const list = withMessage(withRows(empty, [row(5, 2)]), sampleMessage(6));
    expect(unreadOf(bob(withRead(list, 'ann~bob', sampleId(5))))).toBe(1);
    expect(unreadOf(bob(withRead(list, 'ann~bob', sampleId(6))))).toBe(0);
  });
});

describe('the lines of the list', () => {
  it('show the last message and go by its time', () => {
    const ann = row(1, 0, { conversationId: 'ann~cid', peer: 'cid', updatedAt: 5_500 });
    const list = withRows(empty, [row(5, 0), ann]);
    expect(shownRows(list, new Map()).map(({ peer }) => peer)).toEqual(['cid', 'bob']);
    const later = withMessage(list, sampleMessage(9));
    expect(shownRows(later, new Map()).map(({ peer }) => peer)).toEqual(['bob', 'cid']);
    expect(bob(later).last).toMatchObject({ preview: 'text 9', from: 'bob' });
  });

  it('keep a newer live message when older rows come', () => {
    const list = withRows(withMessage(empty, sampleMessage(9)), [row(5, 0)]);
    expect(bob(list)).toMatchObject({ last: { preview: 'text 9' }, updatedAt: 9_000 });
  });

  it('follow an own message from sending to its id, but not an earlier one', () => {
    const pending = (n: number) => ownMessage(n, { messageId: '', sortKey: `~000${n}`, state: 'sending' });
    const sending = withMessage(withMessage(withRows(empty, [row(5, 0)]), pending(6)), pending(7));
    const first = withMessage(sending, ownMessage(6, { state: 'queued' }));
    expect(bob(first).last).toMatchObject({ preview: 'text 7', state: 'sending' });
    const second = withMessage(first, ownMessage(7, { state: 'read' }));
    expect(bob(second).last).toMatchObject({ preview: 'text 7', state: 'read', sortKey: sampleId(7) });
  });

  it('say when the last message was taken back', () => {
    const list = withRows(empty, [row(5, 0)]);
    const recall = (n: number) => ({ conversationId: 'ann~bob', messageId: sampleId(n), by: 'bob' });
    expect(bob(withRecalled(list, recall(4))).last?.recalled).toBe(false);
    expect(bob(withRecalled(list, recall(5))).last).toMatchObject({ recalled: true, preview: '', recalledBy: 'bob' });
  });
});
