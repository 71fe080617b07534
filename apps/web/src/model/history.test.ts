import { describe, expect, it } from 'vitest';
import { ownMessage, sampleId, sampleMessage } from '../testing/sample-message.ts';
import {
  EMPTY_HISTORY,
  type History,
  justAfter,
  MAX_HISTORY,
  withNewest,
  withOlder,
  withRecall,
  withReceipt,
} from './history.ts';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => sampleMessage(from + i));
const history = (from: number, to: number, more: Partial<History> = {}): History => ({
  messages: range(from, to),
  detached: false,
  status: 'ready',
  ...more,
});
const ends = ({ messages }: History) => [messages[0]?.messageId, messages.at(-1)?.messageId];

describe('the history of a conversation', () => {
  it('grows backwards page by page, and knows its beginning', () => {
    const first = withNewest(EMPTY_HISTORY, { messages: range(6, 10), nextBefore: sampleId(6) });
    expect(first.nextBefore).toBe(sampleId(6));
    const whole = withOlder(first, { messages: range(1, 5) });
    expect(ends(whole)).toEqual([sampleId(1), sampleId(10)]);
    expect(whole.nextBefore).toBeUndefined();
  });

  it('C16: holds a bounded number: beyond it the newest leave, and it says so', () => {
    const full = history(101, 100 + MAX_HISTORY, { nextBefore: sampleId(101) });
    const older = withOlder(full, { messages: range(51, 100), nextBefore: sampleId(51) });
    expect(older.messages).toHaveLength(MAX_HISTORY);
    expect(ends(older)).toEqual([sampleId(51), sampleId(50 + MAX_HISTORY)]);
    expect(older.detached).toBe(true);
  });

  it('takes the newest page again where it touches what is here', () => {
    const known = history(1, 10, { nextBefore: sampleId(1) });
    const joined = withNewest(known, { messages: range(8, 12), nextBefore: sampleId(8) });
    expect(ends(joined)).toEqual([sampleId(1), sampleId(12)]);
    expect(joined.messages).toHaveLength(12);
    expect(joined.nextBefore).toBe(sampleId(1));
  });

  it('C10: starts from the newest page where messages between would be missing', () => {
    const known = history(1, 10);
    const restarted = withNewest(known, { messages: range(20, 25), nextBefore: sampleId(20) });
    expect(ends(restarted)).toEqual([sampleId(20), sampleId(25)]);
    expect(restarted.nextBefore).toBe(sampleId(20));
  });

  it('comes back from far in the past', () => {
    const past = history(1, 10, { detached: true, nextBefore: sampleId(1) });
    const present = withNewest(past, { messages: range(8, 12), nextBefore: sampleId(8) });
    expect(present).toMatchObject({ detached: false, nextBefore: sampleId(8) });
  });

  it('C7: moves own messages forward on a receipt, by id and up to one, and never back', () => {
    const own = { ...history(1, 1), messages: [ownMessage(1), ownMessage(2), sampleMessage(3), ownMessage(4)] };
    const receipt = { conversationId: 'ann~bob', peer: 'bob', messageIds: [], at: 1 };
    const read = withReceipt(own, { ...receipt, state: 'read', upTo: sampleId(3) });
    expect(read.messages.map(({ state }) => state)).toEqual(['read', 'read', 'stored', 'stored']);
    const delivered = withReceipt(read, { ...receipt, state: 'delivered', messageIds: [sampleId(1), sampleId(4)] });
    expect(delivered.messages.map(({ state }) => state)).toEqual(['read', 'read', 'stored', 'delivered']);
  });

  it('empties a message that was taken back', () => {
    const recall = {
      conversationId: 'ann~bob',
      peer: 'bob',
      messageId: sampleId(2),
      by: 'bob',
      at: 7,
    };
    const { messages } = withRecall(history(1, 3), recall);
    expect(messages[1]).toMatchObject({ content: {}, recalledAt: 7, recalledBy: 'bob' });
    expect(messages[0]?.recalledAt).toBeUndefined();
  });
});

it('a page before the id just after a message ends with that message', () => {
  expect(justAfter('0193a5b7c9d00001deadbeef')).toBe('0193a5b7c9d00001deadbef0');
  expect(justAfter('0193a5b7c9d00001ffffffff')).toBe('0193a5b7c9d0000200000000');
});
