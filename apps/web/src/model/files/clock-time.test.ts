import { expect, test } from 'vitest';
import { clockTime } from './clock-time.ts';

test.each([
  [0, '0:00'],
  [7.9, '0:07'],
  [65, '1:05'],
  [3_723, '1:02:03'],
  [Number.POSITIVE_INFINITY, '0:00'],
  [Number.NaN, '0:00'],
])('%d s are %s', (seconds, text) => expect(clockTime(seconds)).toBe(text));
