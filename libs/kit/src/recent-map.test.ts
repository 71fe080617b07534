import { expect, test } from 'vitest';
import { RecentMap } from './recent-map.ts';

test('C16: the newest keys are remembered, and never more than twice as many', () => {
  const keys = new RecentMap<string, string>(10);
  for (let n = 0; n < 95; n++) {
    keys.set(`k${n}`, `o${n}`);
    expect(keys.size).toBeLessThanOrEqual(20);
    for (let known = Math.max(0, n - 9); known <= n; known++) expect(keys.get(`k${known}`)).toBe(`o${known}`);
  }
  expect(keys.get('k0')).toBeUndefined();
});

test('a key that was deleted is not remembered, whichever generation had it', () => {
  const keys = new RecentMap<string, string>(2);
  for (const key of ['a', 'b', 'c']) keys.set(key, 'ann');
  for (const key of ['a', 'c']) keys.delete(key);
  expect(['a', 'b', 'c'].map((key) => keys.get(key))).toEqual([undefined, 'ann', undefined]);
});

test('the last owner of a key counts, whichever generation had the one before', () => {
  const keys = new RecentMap<string, string>(1);
  for (const owner of ['ann', 'bob', 'cat']) keys.set('a', owner);
  expect(keys.get('a')).toBe('cat');
});

test('C16: no more are remembered than twice the half', () => {
  const versions = new RecentMap<string, number>(2);
  for (const id of ['a', 'b', 'c', 'd', 'e']) versions.set(id, 1);
  expect(['a', 'b', 'c', 'd', 'e'].map((id) => versions.get(id) ?? 0)).toEqual([0, 0, 1, 1, 1]);
});

test('what is asked for stays, and what is not goes', () => {
  const keys = new RecentMap<string, number>(2);
  for (const [n, key] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    keys.set(key, n);
    expect(keys.get('a')).toBe(0);
  }
  expect(keys.get('b')).toBeUndefined();
  keys.clear();
  expect([keys.size, keys.get('a')]).toEqual([0, undefined]);
});
