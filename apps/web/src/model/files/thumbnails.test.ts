import { expect, test } from 'vitest';
import { isLarge, thumbnailFor } from './thumbnails.ts';

const file = (type: string, thumbnails: (320 | 1280)[], size = 10) => ({
  ...{ id: '1'.repeat(32), name: 'x', type, size },
  media: { thumbnails },
});

test('of a picture the smallest thumbnail that is large enough is shown, or the picture', () => {
  expect(thumbnailFor(file('image/png', [1280, 320]), 300)).toBe(320);
  expect(thumbnailFor(file('image/png', [320, 1280]), 720)).toBe(1280);
  expect(thumbnailFor(file('image/png', [320]), 720)).toBeUndefined();
});

test('a video whose thumbnails are all smaller is shown by the largest: its own bytes are no picture', () => {
  expect(thumbnailFor(file('video/mp4', [320]), 720)).toBe(320);
  expect(isLarge(file('video/mp4', [320], 200_000_000), 720)).toBe(false);
  expect(thumbnailFor(file('video/mp4', []), 720)).toBeUndefined();
});
