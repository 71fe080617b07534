import type { Clock } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { nextBeat } from './beat.ts';

/** A clock that stands: its monotonic time is 1,000 ms behind. */
const at = (now: number) => ({ now: () => now, monotonic: () => now - 1_000 }) as Clock;

test.each([
  // now, pace, behind the multiples, beat
  [100_000, 25, 0, 100_025],
  [100_012, 25, 0, 100_025],
  [100_013, 25, 0, 100_050],
  [100_024, 25, 0, 100_050],
  [100_000, 25, 8, 100_033],
  [100_020, 25, 8, 100_033],
  [100_021, 25, 8, 100_058],
  [100_007, 0, 0, 100_007],
])('from %i, at a pace of %i ms and %i ms behind its multiples, the next beat is at %i', (now, pace, behind, beat) => {
  expect(nextBeat(at(now), pace, behind) + 1_000).toBe(beat);
});
