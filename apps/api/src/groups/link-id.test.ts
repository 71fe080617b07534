import { expect, test } from 'vitest';
import { newLinkId } from './link-id.ts';

test('the id of a link can be the argument of a command', () => {
  const ids = Array.from({ length: 2_000 }, newLinkId);
  expect(ids.filter((id) => !/^\w[\w-]{21}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
