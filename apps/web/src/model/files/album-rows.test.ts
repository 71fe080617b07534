import { ATTACHMENT_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { albumRows, shownRatio } from './album-rows.ts';

const counts = Array.from({ length: ATTACHMENT_LIMITS.maxPerMessage }, (_, i) => i + 1);

test.each(counts)('%d pictures are in rows of at most four, in their order', (count) => {
  const pictures = counts.slice(0, count);
  const rows = albumRows(pictures);
  expect(rows.flat()).toEqual(pictures);
  expect(Math.max(...rows.map(({ length }) => length))).toBeLessThanOrEqual(4);
});

test('a panorama and a long page are cropped', () => {
  expect(shownRatio(12)).toBe(2.4);
  expect(shownRatio(0.1)).toBe(0.5);
  expect(shownRatio(0.1, 'amongOthers')).toBe(0.8);
  expect(shownRatio(1.5)).toBe(1.5);
});
