import { createManualClock } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import { Paced } from './paced.ts';

function paced() {
  const clock = createManualClock();
  const sent: [string, ...number[]][] = [];
  const subject = new Paced<number>({
    clock,
    intervalMs: 100,
    send: async (key, items) => void sent.push([key, ...items]),
  });
  return { clock, sent, subject };
}

test('the first is sent at once, what follows within the interval together at its end, and so on', async () => {
  const { clock, sent, subject } = paced();
  subject.add('a', [1]);
  subject.add('a', [2, 3]);
  await clock.advance(50);
  subject.add('a', [4]);
  expect(sent).toEqual([['a', 1]]);
  await clock.advance(50);
  expect(sent).toEqual([
    ['a', 1],
    ['a', 2, 3, 4],
  ]);
  subject.add('a', [5]);
  await clock.advance(99);
  expect(sent).toHaveLength(2);
  await clock.advance(1);
  expect(sent.at(-1)).toEqual(['a', 5]);
  await clock.advance(100);
  subject.add('a', [6]);
  expect(sent.at(-1)).toEqual(['a', 6]);
});

test('keys do not wait for each other', () => {
  const { sent, subject } = paced();
  subject.add('a', [1]);
  subject.add('b', [2]);
  expect(sent).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});

test('C16: no more items of a key wait than the bound, and no more keys', () => {
  const { sent, subject } = paced();
  for (let n = 0; n <= 200; n++) subject.add('a', [n]);
  expect(sent.map((one) => one.length - 1)).toEqual([1, 200]);
  sent.length = 0;
  for (let n = 0; n < 10_000; n++) subject.add(`k${n}`, [n]);
  sent.length = 0;
  subject.add('one more', [1]);
  subject.add('one more', [2]);
  subject.add('k0', [3]);
  expect(sent).toEqual([
    ['one more', 1],
    ['one more', 2],
  ]);
});

test('C16: no more items than the bound are sent together', () => {
  const { sent, subject } = paced();
  const many = Array.from({ length: 450 }, (_, n) => n);
  subject.add('a', many);
  expect(sent.map(([, ...items]) => items.length)).toEqual([200, 200, 50]);
  expect(sent.flatMap(([, ...items]) => items)).toEqual(many);
});

test('C14: what waits is sent when it ends', async () => {
  const { clock, sent, subject } = paced();
  subject.add('a', [1]);
  subject.add('a', [2]);
  await subject[Symbol.asyncDispose]();
  expect(sent).toEqual([
    ['a', 1],
    ['a', 2],
  ]);
  await clock.advance(1_000);
  expect(sent).toHaveLength(2);
});
