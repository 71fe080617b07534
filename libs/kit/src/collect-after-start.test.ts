import { getHeapSpaceStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { collectAfterStart } from './collect-after-start.ts';

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}

test('what the start made and does not need any more is collected, and the young generation shrinks', () => {
  let made: object[] = [];
  for (let n = 0; n < 400_000; n++) made.push({ n, text: `${n}` });
  const before = { young: youngBytes(), used: process.memoryUsage().heapUsed };
  made = [];
  collectAfterStart();
  expect(youngBytes()).toBeLessThan(before.young);
  expect(process.memoryUsage().heapUsed).toBeLessThan(before.used);
});
