import { expect, test } from 'vitest';
import { firstUnread } from './first-unread.ts';

const theirs = (sortKey: string) => ({ mine: false, sortKey });
const mine = (sortKey: string) => ({ mine: true, sortKey });

test('the line is above the first message of others behind the mark', () => {
  expect(firstUnread([theirs('1'), theirs('2'), theirs('3')], '1')).toEqual(theirs('2'));
  expect(firstUnread([theirs('1')], '')).toEqual(theirs('1'));
});

test('what the user wrote after the last message that they read does not take the line away', () => {
  expect(firstUnread([theirs('1'), mine('2'), theirs('3'), theirs('4')], '1')).toEqual(theirs('3'));
});

test('an answer behind it takes it away', () => {
  expect(firstUnread([theirs('1'), theirs('2'), mine('3')], '1')).toBeUndefined();
});

test('nothing is unread: no line', () => {
  expect(firstUnread([theirs('1'), mine('2')], '1')).toBeUndefined();
  expect(firstUnread([theirs('1')], undefined)).toBeUndefined();
});
