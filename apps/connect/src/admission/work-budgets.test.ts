import { createManualClock } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import { WorkBudgets } from './work-budgets.ts';

const limits = { workPerSecond: 1_000, workBurst: 2_000 };

function budgets() {
  const clock = createManualClock();
  return { clock, work: new WorkBudgets({ clock, limits }) };
}

test('C16: a user has a burst, then so much a second, and others theirs', async () => {
  const { clock, work } = budgets();
  work.spend('eve', 1_999);
  expect(work.waitMs('eve')).toBe(0);
  work.spend('eve', 1_001);
  expect([work.waitMs('eve'), work.waitMs('ann')]).toEqual([1_001, 0]);
  await clock.advance(1_001);
  expect(work.waitMs('eve')).toBe(0);
  expect(work.waitMs('eve', 0.5)).toBe(999);
});

test('C16: what is taken is paid while anything is left, also into debt, and then waited for', async () => {
  const { clock, work } = budgets();
  expect([work.take('eve', 1_500), work.take('eve', 1_500)]).toEqual([0, 0]);
  expect(work.take('eve', 1)).toBe(1_001);
  // A refused `take` costs nothing, however often it is repeated.
  expect(work.take('eve', 5_000)).toBe(1_001);
  await clock.advance(1_001);
  expect(work.take('eve', 1)).toBe(0);
});

test('C16: who goes on without a budget has it exhausted, until time has passed', async () => {
  const { clock, work } = budgets();
  work.spend('eve', 3_999);
  expect(work.isExhausted('eve')).toBe(false);
  work.spend('eve', 1);
  expect([work.isExhausted('eve'), work.isExhausted('ann')]).toEqual([true, false]);
  await clock.advance(1);
  expect(work.isExhausted('eve')).toBe(false);
});

test('C16: whoever has rested is forgotten, and no debt before it is paid', async () => {
  const { clock, work } = budgets();
  work.spend('eve', 4_000);
  work.spend('ann', 1);
  for (let second = 0; second < 3; second++) {
    await clock.advance(1_000);
    work.sweep();
  }
  expect([work.size, work.waitMs('eve', 1)]).toEqual([1, 1_000]);
  for (let second = 0; second < 12; second++) {
    await clock.advance(1_000);
    work.sweep();
  }
  expect(work.size).toBe(0);
});

test('C16: users beyond the bound are taken, and the one that came first is forgotten', () => {
  const { work } = budgets();
  work.spend('eve', 3_000);
  for (let n = 0; n < 200_000; n++) work.spend(`u${n}`, 1);
  expect([work.size, work.waitMs('eve')]).toEqual([200_000, 0]);
});

test('C16: light are those who take less than half of what those take who make the work', () => {
  const { work } = budgets();
  for (const eve of ['eve1', 'eve2', 'eve3', 'eve4']) work.spend(eve, 1_000);
  work.spend('ann', 20);
  work.spend('ben', 30);
  const light = () => ['eve1', 'eve4', 'ann', 'ben', 'new'].map((userId) => work.isLight(userId));
  expect(light()).toEqual([false, false, true, true, true]);
  work.sweep();
  expect(light()).toEqual([false, false, true, true, true]);
});

test('C16: where all take alike nobody is light, and neither is anybody where nothing is done', () => {
  const { work } = budgets();
  expect(work.isLight('ann')).toBe(false);
  // Nearly equal shares, as a hundred senders of small messages have by chance.
  for (let n = 0; n < 100; n++) work.spend(`u${n}`, 800 + (n % 10) * 40);
  expect(Array.from({ length: 100 }, (_, n) => work.isLight(`u${n}`))).toEqual(Array(100).fill(false));
});
