import { expect, test } from 'vitest';
import { ownMessage, sampleMessage } from '../testing/sample-message.ts';
import { isAnswerable, nextAnswered, type StoredMessage } from './answerable.ts';

const first = sampleMessage(1);
const second = sampleMessage(3);
const recalled = sampleMessage(2, { recalledAt: 1 });
const pending = ownMessage(4, { messageId: '', state: 'sending' });
const stored = (message: object) => message as StoredMessage;
const all = [first, recalled, second, pending];

test('what is stored and there can be answered', () => {
  expect(all.filter(isAnswerable)).toEqual([first, second]);
  expect(isAnswerable(sampleMessage(5, { provisional: true }))).toBe(false);
  expect(isAnswerable(ownMessage(5, { state: 'failed' }))).toBe(false);
});

test('a key goes up to the first message, and down to none', () => {
  expect(nextAnswered(all, null, -1)).toBe(second);
  expect(nextAnswered(all, stored(second), -1)).toBe(first);
  expect(nextAnswered(all, stored(first), -1)).toBe(first);
  expect(nextAnswered(all, stored(first), 1)).toBe(second);
  expect(nextAnswered(all, stored(second), 1)).toBeNull();
  expect(nextAnswered(all, null, 1)).toBeNull();
});
