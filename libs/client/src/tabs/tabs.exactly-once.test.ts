import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyFaults } from '../testing/any-faults.ts';
import { STEPS, type TabStep, TabStory } from '../testing/tab-story.ts';

const step: fc.Arbitrary<TabStep> = fc.record({
  do: fc.constantFrom(...STEPS),
  who: fc.nat(2),
  wait: fc.constantFrom(0, 0, 1, 5, 50, 400, 3_000, 12_000),
});

test('C3 C5 C6: whichever tab leads, crashes, is suspended or misses what others say, each tab shows each message once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      anyFaults,
      fc.constantFrom(0, 0, 0.2),
      fc.array(step, { minLength: 5, maxLength: 40 }),
      async (seed, badly, losing, steps) => {
        const run = new TabStory(seed, 400);
        run.world.faults = badly;
        run.browser.loses = () => run.random() < losing;
        await run.open();
        for (const { do: what, who, wait } of steps) {
          await run.do(what, who);
          await run.pass(wait);
        }
        run.world.faults = { lose: 0, repeat: 0, bus: 0, hint: 0, sync: 0 };
        run.browser.loses = () => false;
        for (const { page } of run.tabs) if (page.isFrozen) page.thaw(run.random);
        if (run.tabs.length === 0) await run.open();
        await run.pass(200_000, 100);

        expect(run.problems()).toEqual([]);
      },
    ),
    { seed: 44, numRuns: 60 },
  );
}, 300_000);
