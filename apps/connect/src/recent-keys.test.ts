import { expect, test } from 'vitest';
import { RecentKeys } from './recent-keys.ts';

test('C16: the newest keys are remembered, and never more than twice as many', () => {
  const keys = new RecentKeys(10);
  for (let n = 0; n < 95; n++) {
    keys.add(`k${n}`, `o${n}`);
    expect(keys.size).toBeLessThanOrEqual(20);
    for (let known = Math.max(0, n - 9); known <= n; known++) expect(keys.ownerOf(`k${known}`)).toBe(`o${known}`);
  }
  expect(keys.ownerOf('k0')).toBeUndefined();
});

test('a key that was deleted is not remembered, whichever generation had it', () => {
  const keys = new RecentKeys(2);
  for (const key of ['a', 'b', 'c']) keys.add(key, 'ann');
  for (const key of ['a', 'c']) keys.delete(key);
  expect(['a', 'b', 'c'].map((key) => keys.ownerOf(key))).toEqual([undefined, 'ann', undefined]);
});

test('the last owner of a key counts, whichever generation had the one before', () => {
  const keys = new RecentKeys(1);
  for (const owner of ['ann', 'bob', 'cat']) keys.add('a', owner);
  expect(keys.ownerOf('a')).toBe('cat');
});
