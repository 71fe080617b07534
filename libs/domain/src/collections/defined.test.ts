import { expect, expectTypeOf, test } from 'vitest';
import { defined } from './defined.ts';

test('a field that is undefined is absent; every other value stays', () => {
  const some = defined({ a: undefined, b: null, c: false, d: 0, e: '', f: undefined as string | undefined });
  expect(Object.entries(some)).toEqual([
    ['b', null],
    ['c', false],
    ['d', 0],
    ['e', ''],
  ]);
});

test('a field that may be undefined becomes optional, and no other does', () => {
  const maybe = (text?: string) => defined({ text, at: 5 as number, ref: null as string | null });
  expectTypeOf(maybe()).toEqualTypeOf<{ text?: string; at: number; ref: string | null }>();
  const exact: { text?: string; at: number } = maybe('hi');
  expect([exact, maybe()]).toEqual([
    { text: 'hi', at: 5, ref: null },
    { at: 5, ref: null },
  ]);
});
