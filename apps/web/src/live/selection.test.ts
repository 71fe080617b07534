import { expect, test } from 'vitest';
import { Selection } from './selection.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];

test('messages are selected one by one, and no longer, and are in order', () => {
  const selection = new Selection();
  for (const id of ['d', 'b', 'd', 'a']) selection.toggle(id);
  expect([...selection.get()]).toEqual(['a', 'b']);
  selection.clear();
  expect(selection.get().size).toBe(0);
});

test('a range begins at the message that was selected last, in either direction', () => {
  const selection = new Selection();
  selection.toggle('d');
  selection.extendTo('b', ids);
  expect([...selection.get()]).toEqual(['b', 'c', 'd']);
  selection.extendTo('e', ids);
  expect([...selection.get()]).toEqual(['b', 'c', 'd', 'e']);
});

test('a range without a beginning is one message', () => {
  const selection = new Selection();
  selection.extendTo('b', ids);
  expect([...selection.get()]).toEqual(['b']);
});

test('what is gone is not selected any more', () => {
  const selection = new Selection();
  for (const id of ids) selection.toggle(id);
  selection.leaveOut(['a', 'e', 'x']);
  expect([...selection.get()]).toEqual(['b', 'c', 'd']);
});
