import { expect, test } from 'vitest';
import { runPlan } from '../run-plan.ts';
import { shrink } from '../shrink.ts';
import { tellStory } from '../story.ts';
import type { Breakage } from '../world.ts';
import { makeGroupReactionPlan, makeReactionPlan } from './make-plan.ts';

const SEEDS = 60;
/** Seeds tried before a fault counts as undetected. */
const TRIES = 30;

const PLANS = [
  ['direct chats', makeReactionPlan],
  ['groups', makeGroupReactionPlan],
] as const;

test.each(PLANS)(
  `C24: in ${SEEDS} simulated clusters, devices that react in %s end alike, whatever fails`,
  async (_, makePlan) => {
    let reactions = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await runPlan(makePlan(seed));
      if (result.violations.length > 0) expect.fail(tellStory(await shrink(result)));
      reactions += result.counts.get('reactions');
    }
    expect(reactions).toBeGreaterThan(10 * SEEDS);
  },
  300_000,
);

/** Counts that one more reacts to than there are. */
const miscounting: Breakage = {
  engines: ({ reactions }) => ({
    reactions: {
      ...reactions,
      seen: async (userId, keys) =>
        (await reactions.seen(userId, keys)).map(
          (one) => one && { ...one, counts: one.counts.map(({ emoji, count }) => ({ emoji, count: count + 1 })) },
        ),
    },
  }),
};

/** Devices that are told nothing of reactions but at a log-in. */
const untold: Breakage = {
  transport: (transport) => (url, ears) =>
    transport(url, { ...ears, received: (text) => (text.includes('"react"') ? undefined : ears.received(text)) }),
};

test.each([
  ['counts that are not those of the rows', miscounting, /are counted/],
  ['devices that miss reactions', untold, /shows/],
] as const)(
  'C24: the judge finds %s',
  async (_, breakage, text) => {
    for (let seed = 1; seed <= TRIES; seed++) {
      const { violations } = await runPlan(makeReactionPlan(seed), breakage);
      if (violations.some((one) => one.contract === 'C24' && text.test(one.text))) return;
    }
    expect.fail('not found');
  },
  120_000,
);
