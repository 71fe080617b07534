import { expect, test } from 'vitest';
import { makePlan } from './make-plan.ts';
import { runPlan } from './run-plan.ts';
import { shrink } from './shrink.ts';
import { tellStory } from './story.ts';

const SEEDS = 150;

test('a seed always gives the same history', async () => {
  const [one, other] = [await runPlan(makePlan(7)), await runPlan(makePlan(7))];
  expect(one.history.records.length).toBeGreaterThan(20);
  expect(other.history.records).toEqual(one.history.records);
});

test(`C1–C10, C12: no contract is broken in ${SEEDS} simulated clusters whatever fails`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const result = await runPlan(makePlan(seed));
    if (result.violations.length > 0) expect.fail(tellStory(await shrink(result)));
  }
}, 300_000);
