import { ImError } from '@chasqui/domain';
import type { Delivery } from '@chasqui/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallQueue } from './call-queue.ts';

const failure = () => new ImError('peer_unavailable', 'failed on purpose');
const deliveries = (from: number, count: number): Delivery[] =>
  Array.from({ length: count }, (_, index) => ({ userId: 'bob', frame: String(from + index) }));

test('C5: whatever the calls and however they are cut, each gets the counts of its own deliveries', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 30 }),
      async (calls, max, length) => {
        const queue = new CallQueue({ maxBatch: max, maxBatchLength: length });
        let from = 1;
        const answers = calls.map((count) => {
          from += count;
          return queue.add(deliveries(from - count, count));
        });
        const sent: string[] = [];
        for (let batch = queue.takeBatch(); batch.length > 0; batch = queue.takeBatch()) {
          expect(batch.length).toBeLessThanOrEqual(max);
          if (batch.length > 1) expect(batch.map(({ frame }) => frame).join('').length).toBeLessThanOrEqual(length);
          expect(queue.takeBatch()).toEqual([]);
          sent.push(...batch.map(({ frame }) => frame));
          queue.answer({ counts: batch.map(({ frame }) => Number(frame)) }, failure);
        }
        expect(sent).toEqual(Array.from({ length: from - 1 }, (_, index) => String(index + 1)));
        expect((await Promise.all(answers)).flat()).toEqual(sent.map(Number));
        expect(queue.waiting).toBe(0);
      },
    ),
  );
});

test('a batch that failed fails every call with a part in it, once the call is through', async () => {
  const queue = new CallQueue({ maxBatch: 3, maxBatchLength: 1_000 });
  const answers = [2, 3, 1].map((count) => queue.add(deliveries(0, count)).catch((error: ImError) => error.code));
  queue.takeBatch();
  queue.answer({ failed: true }, failure);
  expect(queue.takeBatch()).toHaveLength(3);
  queue.answer({ counts: [1, 1, 1] }, failure);
  expect(await Promise.all(answers)).toEqual(['peer_unavailable', 'peer_unavailable', [1]]);
});

test('an answer of the wrong length is a failed batch', async () => {
  const queue = new CallQueue({ maxBatch: 3, maxBatchLength: 1_000 });
  const answer = queue.add(deliveries(0, 2));
  queue.takeBatch();
  queue.answer({ counts: [1] }, failure);
  await expect(answer).rejects.toMatchObject({ code: 'peer_unavailable' });
});

test('an answer that nobody waits for changes nothing', async () => {
  const queue = new CallQueue({ maxBatch: 3, maxBatchLength: 1_000 });
  const answer = queue.add(deliveries(0, 1));
  queue.answer({ counts: [9] }, failure);
  expect(queue.takeBatch()).toHaveLength(1);
  queue.answer({ counts: [1] }, failure);
  expect(await answer).toEqual([1]);
});
