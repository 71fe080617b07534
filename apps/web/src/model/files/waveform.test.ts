import { expect, test } from 'vitest';
import { BARS, waveformOf } from './waveform.ts';

test('each bar is how loud its part is, relative to the loudest', () => {
  expect(waveformOf([0, 0.1, -0.4, 0.2, 0.05, 0], 3)).toEqual([25, 100, 13]);
});

test('silence is flat, and a few samples are as many bars', () => {
  expect(waveformOf(new Float32Array(1_000))).toEqual(Array.from({ length: BARS }, () => 0));
  expect(waveformOf([1, 0.5])).toEqual([100, 50]);
  expect(waveformOf([])).toEqual([]);
});
