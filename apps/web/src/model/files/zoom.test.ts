import { expect, test } from 'vitest';
import { FITTING, MAX_SCALE, movedBy, zoomedAt } from './zoom.ts';

const frame = { width: 400, height: 300 };

test('the point under the pointer stays where it is', () => {
  const zoom = zoomedAt(FITTING, 2, { x: 50, y: -30 }, frame);
  expect(zoom).toEqual({ scale: 2, x: -50, y: 30 });
  // What was at the point is at (point − move) / scale.
  expect([(50 - zoom.x) / zoom.scale, (-30 - zoom.y) / zoom.scale]).toEqual([50, -30]);
});

test('it is never smaller than what fits, nor larger than the maximum', () => {
  expect(zoomedAt(FITTING, 0.1, { x: 10, y: 10 }, frame)).toEqual(FITTING);
  expect(zoomedAt(FITTING, 100, { x: 0, y: 0 }, frame).scale).toBe(MAX_SCALE);
});

test('a picture that fits is not moved, and an enlarged one stays on the screen', () => {
  expect(movedBy(FITTING, 100, 100, frame)).toEqual(FITTING);
  expect(movedBy({ scale: 2, x: 0, y: 0 }, 1_000, -1_000, frame)).toEqual({ scale: 2, x: 200, y: -150 });
});
