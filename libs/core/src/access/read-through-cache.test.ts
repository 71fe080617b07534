import { createManualClock } from '@chasqui/contracts';
import { ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { ReadThroughCache } from './read-through-cache.ts';

function known(maxEntries = 10) {
  const clock = createManualClock();
  const store = {
    values: new Map<string, number>(),
    reads: [] as string[][],
    answer: 'prompt' as 'prompt' | 'away' | 'never',
  };
  const subject = new ReadThroughCache<number>({
    clock,
    logger: silentLogger,
    unknown: -1,
    what: 'the test',
    maxEntries,
    freshMs: 1_000,
    deadlineMs: 100,
    pauseMs: 500,
    async read(keys) {
      store.reads.push(keys);
      if (store.answer === 'away') throw new ImError('store_unavailable', 'away');
      if (store.answer === 'never') return new Promise(() => {});
      return keys.map((key) => store.values.get(key) ?? 0);
    },
  });
  return { clock, store, subject };
}

test('what is asked at the same time is read together, and then known for a while without a wait', async () => {
  const { clock, store, subject } = known();
  store.values.set('a', 7);
  expect(await Promise.all([subject.get('a'), subject.get('b')])).toEqual([7, 0]);
  expect(store.reads).toEqual([['a', 'b']]);
  expect(subject.get('a')).toBe(7);
  store.values.set('a', 8);
  await clock.advance(999);
  expect(subject.get('a')).toBe(7);
  await clock.advance(1);
  expect(await subject.get('a')).toBe(8);
});

test('what is asked for again and again is read ahead, so that nobody waits for it', async () => {
  const { clock, store, subject } = known();
  await subject.get('a');
  store.values.set('a', 8);
  await clock.advance(499);
  subject.get('a');
  expect(store.reads).toHaveLength(1);
  await clock.advance(1);
  expect([subject.get('a'), subject.get('a')]).toEqual([0, 0]);
  await clock.advance(0);
  expect(store.reads).toEqual([['a'], ['a']]);
  expect(subject.get('a')).toBe(8);
});

test('C5: who asks while a key is being read waits for the same read: nobody is answered before who asked first', async () => {
  const { clock, store, subject } = known();
  const answers: string[] = [];
  void Promise.resolve(subject.get('a')).then(() => answers.push('first'));
  await Promise.resolve();
  void Promise.resolve(subject.get('a')).then(() => answers.push('second'));
  await clock.advance(0);
  expect(answers).toEqual(['first', 'second']);
  expect(store.reads).toEqual([['a']]);
});

test('C11: while the store is away the last value stands, and the unknown one for who was never read', async () => {
  const { clock, store, subject } = known();
  store.values.set('a', 7);
  await subject.get('a');
  await clock.advance(2_000);
  store.answer = 'away';
  expect(await subject.get('a')).toBe(7);
  const { length } = store.reads;
  expect(subject.get('a')).toBe(7);
  expect(subject.get('b')).toBe(-1);
  expect(store.reads).toHaveLength(length);
  store.answer = 'prompt';
  store.values.set('a', 9);
  await clock.advance(500);
  expect(await subject.get('a')).toBe(9);
});

test('C11: a store that does not answer is waited for no longer than the deadline', async () => {
  const { clock, store, subject } = known();
  store.answer = 'never';
  const asked = Promise.resolve(subject.get('a'));
  await clock.advance(100);
  expect(await asked).toBe(-1);
  expect(subject.get('b')).toBe(-1);
});

test('C16: no more values are kept than the bound', async () => {
  const { store, subject } = known(2);
  for (const key of ['a', 'b', 'c']) await subject.get(key);
  store.reads.length = 0;
  await Promise.all(['a', 'b', 'c'].map((key) => subject.get(key)));
  expect(store.reads).toEqual([['a']]);
});

test('what is asked for as it is now is read anew, even while an earlier answer is on its way', async () => {
  const { clock, store, subject } = known();
  store.values.set('a', 7);
  await subject.get('a');
  store.values.set('a', 8);
  expect(subject.get('a')).toBe(7);
  const before = subject.latest('b');
  await Promise.resolve();
  store.values.set('b', 9);
  expect(await Promise.all([subject.latest('a'), before, subject.latest('b')])).toEqual([8, 0, 9]);
  expect(subject.get('a')).toBe(8);
  store.answer = 'away';
  expect(await subject.latest('a')).toBe(8);
  expect(await subject.latest('never asked')).toBe(-1);
  await clock.advance(0);
});

test('a value is as old as the question, however long the answer took', async () => {
  const { clock, store, subject } = known();
  const asked = subject.get('a');
  await clock.advance(99);
  await asked;
  store.values.set('a', 8);
  await clock.advance(901);
  expect(await subject.get('a')).toBe(8);
});

test('what is outdated is read again before it is used, also where a read is under way, and stands where that fails', async () => {
  const { clock, store, subject } = known();
  store.values.set('ann 1', 7).set('bob 1', 7);
  await Promise.all([subject.get('ann 1'), subject.get('bob 1')]);
  store.values.set('ann 1', 8).set('bob 1', 8);
  subject.outdate('ann');
  await clock.advance(1);
  expect([await subject.get('ann 1'), subject.get('bob 1')]).toEqual([8, 7]);
  expect(subject.get('ann 1')).toBe(8);
  // The value changes during a read: the next caller waits for another read, and is answered after the first caller.
  await clock.advance(1_000);
  const answers: string[] = [];
  void Promise.resolve(subject.get('ann 1')).then((value) => answers.push(`first ${value}`));
  await Promise.resolve();
  await clock.advance(1);
  subject.outdate('ann');
  void Promise.resolve(subject.get('ann 1')).then((value) => answers.push(`second ${value}`));
  await clock.advance(1);
  expect(answers).toEqual(['first 8', 'second 8']);
  store.answer = 'away';
  subject.outdate('ann');
  expect(await subject.get('ann 1')).toBe(8);
});
