import { expect, test } from 'vitest';
import { LruMap } from './lru-map.ts';

test('C16: what was not used for longest goes first', () => {
  const map = new LruMap<string, number>(3);
  for (const [i, key] of ['a', 'b', 'c'].entries()) map.set(key, i);
  map.get('a');
  map.set('d', 4);
  expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([0, undefined, 2, 4]);
});

test('C16: weights are counted, also of values that change or leave', () => {
  const map = new LruMap<string, string>(10);
  map.set('a', 'light', 1);
  map.set('a', 'heavy', 6);
  map.set('b', 'b', 4);
  expect(map.size).toBe(2);
  map.delete('a');
  map.set('c', 'c', 6);
  expect(map.size).toBe(2);
  map.set('d', 'too heavy', 11);
  expect(map.size).toBe(0);
});
