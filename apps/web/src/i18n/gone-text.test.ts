import { expect, test } from 'vitest';
import { en } from './en.ts';
import { goneText } from './gone-text.ts';
import { zh } from './zh.ts';

const nameOf = (userId: string) => (userId === 'bob' ? 'Bob B.' : userId);

test('a message that an admin removed is told apart from one that its sender took back', () => {
  const group = { texts: en, me: 'me', nameOf };
  expect(goneText({ from: 'bob', recalledBy: 'bob' }, group)).toBe('Bob B. took this message back.');
  expect(goneText({ from: 'bob', recalledBy: 'ann' }, group)).toBe('This message was removed by an admin.');
  expect(goneText({ from: 'me', recalledBy: 'ann' }, group)).toBe('This message was removed by an admin.');
  expect(goneText({ from: 'bob', recalledBy: 'me' }, group)).toBe('You removed this message.');
  expect(goneText({ from: 'me', recalledBy: 'me' }, group)).toBe('You took this message back.');
  expect(goneText({ from: 'me', recalledBy: 'system' }, group)).toBe('This message was removed.');
  const chinese = { ...group, texts: zh };
  expect(goneText({ from: 'bob', recalledBy: 'bob' }, chinese)).toBe('Bob B.撤回了一条消息。');
  expect(goneText({ from: 'bob', recalledBy: 'ann' }, chinese)).toBe('这条消息已被管理员移除。');
});

test('where nobody knows who it was, nobody is named', () => {
  expect(goneText({ from: 'bob' }, { texts: en, me: 'me', nameOf })).toBe('This message was taken back.');
  expect(goneText({ from: 'bob' }, { texts: zh, me: 'me' })).toBe('对方撤回了一条消息。');
});
