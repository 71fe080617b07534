import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('C16: so many run side by side, begun in order, and all are done', async () => {
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    begun.push(item);
    most = Math.max(most, ++running);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running--;
  });
  expect([begun, most, running]).toEqual([[1, 2, 3, 4, 5, 6, 7], 3, 0]);
});

test('after a failure nothing more is begun, and what runs is waited for', async () => {
  const gate = Promise.withResolvers<void>();
  const begun: number[] = [];
  let finished = false;
  const all = inParallel([1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('first');
    await gate.promise;
    finished = true;
  });
  const failed = expect(all).rejects.toThrow('first');
  await Promise.resolve();
  expect(finished).toBe(false);
  gate.resolve();
  await failed;
  expect([begun, finished]).toEqual([[1, 2], true]);
});
