import { createManualClock } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const ATTACKER = '198.51.100.1';

/** A queue whose work ends when the test says so, with the order in which the work started. */
function aQueue(settings = {}) {
  const clock = createManualClock();
  const queue = new FairQueue(
    {
      max: 1,
      maxWaiting: 64,
      maxWaitingEach: 16,
      maxWaitMs: 60_000,
      firstGuessMs: 300,
      refusal: 'too many',
      ...settings,
    },
    clock,
  );
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (owner: string, signal?: AbortSignal) => {
    const done = queue.run({ owner, ...(signal && { signal }) }, () => {
      begun.push(owner);
      return new Promise<string>((resolve) => ends.push(() => resolve(owner)));
    });
    return done.catch((error) => error.code as string);
  };
  /** Ends the running piece of work, after the given ms. */
  const endOne = async (ms = 0) => {
    await clock.advance(ms);
    ends.shift()?.();
    await clock.advance(0);
  };
  return { ask, begun, endOne, clock, queue };
}

test('a flood of one owner delays another by the running piece of work, not by its queue', async () => {
  const { ask, begun, endOne } = aQueue();
  for (let i = 0; i < 100; i++) void ask(ATTACKER);
  void ask('honest');
  await endOne();
  await endOne();
  expect(begun.slice(0, 2)).toEqual([ATTACKER, 'honest']);
});

test('owners take turns, also those that came later', async () => {
  const { ask, begun, endOne } = aQueue();
  for (const owner of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) void ask(owner);
  for (let i = 0; i < 6; i++) await endOne();
  expect(begun).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a']);
});

test('C16: an owner has its share of the queue, and what is beyond is refused with a time to wait', async () => {
  const { ask, queue } = aQueue();
  const answers = Array.from({ length: 30 }, () => ask(ATTACKER));
  const refused = answers.slice(17);
  expect(await Promise.all(refused)).toEqual(refused.map(() => 'overloaded'));
  const error = await queue.run({ owner: ATTACKER }, async () => {}).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'overloaded', retry: 'backoff', message: 'too many' });
  expect(error.details.retryAfterMs).toBeGreaterThanOrEqual(1_000);
});

test('C16: where every place is taken, the longest line gives one to a newcomer; where all are as short, nobody does', async () => {
  const { ask, begun, endOne } = aQueue({ maxWaiting: 4 });
  const first = [ask('a'), ask('a'), ask('a'), ask('a'), ask('b')];
  const newcomers = [ask('c'), ask('d'), ask('e')];
  expect(await newcomers[2]).toBe('overloaded');
  for (let i = 0; i < 5; i++) await endOne();
  expect(begun.toSorted()).toEqual(['a', 'a', 'b', 'c', 'd']);
  expect(await Promise.all(first)).toEqual(['a', 'a', 'overloaded', 'overloaded', 'b']);
});

test('what nobody waits for any more leaves the queue, and makes room', async () => {
  const { ask, begun, endOne } = aQueue({ maxWaitingEach: 3 });
  const gone = new AbortController();
  void ask(ATTACKER);
  const left = [ask(ATTACKER, gone.signal), ask(ATTACKER, gone.signal), ask(ATTACKER, gone.signal)];
  gone.abort();
  expect(await Promise.all(left)).toEqual(['overloaded', 'overloaded', 'overloaded']);
  expect(await ask('late', gone.signal)).toBe('overloaded');
  void ask('honest');
  await endOne();
  await endOne();
  await endOne();
  expect(begun).toEqual([ATTACKER, 'honest']);
  expect(await Promise.race([ask(ATTACKER, AbortSignal.abort()), 'ran'])).toBe('ran');
});

test('what would wait too long is refused at once, by what others have taken lately', async () => {
  const { ask, endOne } = aQueue({ maxWaitMs: 5_000 });
  // After twenty pieces of 2 s each, the queue expects that two may wait and a third would be too late.
  for (let i = 0; i < 20; i++) {
    void ask('slow');
    await endOne(2_000);
  }
  const taken = [ask('a'), ask('a'), ask('a')];
  expect(await ask('a')).toBe('overloaded');
  for (let i = 0; i < 3; i++) await endOne();
  expect(await Promise.all(taken)).toEqual(['a', 'a', 'a']);
});

test('what has waited too long is refused, whatever was expected', async () => {
  const { ask, begun, clock, endOne } = aQueue({ maxWaitMs: 5_000 });
  void ask('a');
  const waits = ask('b');
  await clock.advance(5_000);
  expect(await waits).toBe('overloaded');
  await endOne();
  expect(begun).toEqual(['a']);
});

test('one that hung for minutes is not expected of the next ones', async () => {
  const { ask, begun, endOne } = aQueue({ maxWaitMs: 5_000 });
  void ask('hangs');
  await endOne(600_000);
  for (const owner of ['a', 'b', 'c']) void ask(owner);
  for (let i = 0; i < 3; i++) await endOne();
  expect(begun).toEqual(['hangs', 'a', 'b', 'c']);
});

test('who had a turn and comes back waits for the turns of the others, and may not pass them again', async () => {
  const { ask, begun, endOne } = aQueue();
  for (const owner of ['a', 'a', 'a', 'b', 'b', 'c']) void ask(owner);
  await endOne();
  await endOne();
  expect(begun).toEqual(['a', 'b', 'c']);
  void ask('c');
  for (let i = 0; i < 4; i++) await endOne();
  expect(begun.slice(3)).toEqual(['a', 'b', 'c', 'a']);
});

test('a newcomer is not expected to wait for those whom it passes', async () => {
  const { ask, begun, endOne } = aQueue({ maxWaitMs: 5_000 });
  for (let i = 0; i < 20; i++) {
    void ask('slow');
    await endOne(2_000);
  }
  for (const owner of ['a', 'b', 'a']) void ask(owner);
  await endOne(2_000);
  for (const owner of ['b', 'new']) void ask(owner);
  for (let i = 0; i < 3; i++) await endOne();
  expect(begun.slice(20)).toEqual(['a', 'b', 'new', 'a', 'b']);
});
