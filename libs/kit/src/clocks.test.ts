import { expect, test } from 'vitest';
import { steadyClock } from './clocks.ts';

test('a clock that is set back goes on, one that is set forward follows, and what was reached before counts', () => {
  let [now, monotonic] = [1_000_000, 0];
  const base = { now: () => now, monotonic: () => monotonic, after: () => ({ cancel() {} }) };
  const clock = steadyClock(base, 1_000_500);
  expect(clock.now()).toBe(1_000_500);
  monotonic += 100;
  now += 100;
  expect(clock.now()).toBe(1_000_600);
  now -= 900_000;
  monotonic += 100;
  expect(clock.now()).toBe(1_000_700);
  now += 2_000_000;
  expect(clock.now()).toBe(now);
});
