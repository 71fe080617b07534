import { ConversationAccess } from '@chasqui/core';
import { afterEach, expect, test, vi } from 'vitest';
import { runPlan } from '../run-plan.ts';
import { shrink } from '../shrink.ts';
import { tellStory } from '../story.ts';
import type { Breakage } from '../world.ts';
import { makeGroupLifePlan, makeLifePlan } from './make-plan.ts';
import * as sabotage from './sabotage.ts';

const SEEDS = 40;
/** Seeds tried before a fault counts as undetected. */
const TRIES = 30;

/**
 * Once found faults. In direct chats: a forward whose `server_ack` came before its `send_ack`; a hidden message that a page
 * from before brought back; a forward that was refused, and stored. In groups: an own message that was hidden before a
 * restart; the same refusal; a resend that told what the message said since.
 */
const PLANS = [
  ['direct chats', makeLifePlan, [82]],
  ['groups', makeGroupLifePlan, [65, 66]],
] as const;

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(PLANS)(
  `C25: in ${SEEDS} simulated clusters, messages in %s that are edited, forwarded, hidden and recalled end alike everywhere`,
  async (_, makePlan, formerFaults) => {
    const seeds = [...Array.from({ length: SEEDS }, (_, index) => index + 1), ...formerFaults];
    const done = { edits: 0, forwards: 0, hides: 0, 'edits that mention': 0 };
    for (const seed of seeds) {
      const result = await runPlan(makePlan(seed));
      if (result.violations.length > 0) expect.fail(tellStory(await shrink(result)));
      for (const what of Object.keys(done) as (keyof typeof done)[]) done[what] += result.counts.get(what);
    }
    expect(done.edits).toBeGreaterThan(5 * SEEDS);
    expect(done.forwards).toBeGreaterThan(3 * SEEDS);
    expect(done.hides).toBeGreaterThan(SEEDS);
    if (makePlan === makeGroupLifePlan) expect(done['edits that mention']).toBeGreaterThan(SEEDS);
  },
  300_000,
);

async function expectFound(
  breakage: Breakage,
  text: RegExp,
  { contract = 'C25', makePlan = makeLifePlan } = {},
): Promise<void> {
  const found = new Set<string>();
  for (let seed = 1; seed <= TRIES; seed++) {
    const { violations } = await runPlan(makePlan(seed), breakage);
    if (violations.some((one) => one.contract === contract && text.test(one.text))) return;
    for (const one of violations) found.add(`${one.contract}: ${one.text}`);
  }
  expect.fail(`not found, but ${[...found].slice(0, 10).join('; ')}`);
}

test.each<[string, Breakage, RegExp]>([
  ['devices that miss edits', { transport: sabotage.withoutEdits }, /shows .*, the store has/],
  ['devices that miss what is hidden', { transport: sabotage.withoutHidden }, /which its user has hidden/],
  ['edits that bring back what was recalled', { engines: sabotage.editedRecalls }, /recalled and has content/],
  ['recalls that keep the content', { engines: sabotage.keptRecalls }, /recalled and has content/],
  ['edits that are answered and lost', { engines: sabotage.lostEdits }, /and it never did/],
  ['hides that are answered and lost', { engines: sabotage.lostHides }, /is hidden, and it is not/],
  ['forwards of what their sender had hidden', { engines: sabotage.forgottenHides }, /which its sender had hidden/],
  ['forwards of what was recalled', { engines: sabotage.unrecalled }, /which did not say/],
  ['a search that finds hidden messages', { engines: sabotage.forgottenHides }, /finds .* is hidden/],
  ['a search that finds what was edited away', { engines: sabotage.staleSearch }, /finds .* does not say so/],
])(
  'C25: the judge finds %s',
  async (_, breakage, text) => {
    await expectFound(breakage, text);
  },
  120_000,
);

test('C25: the judge finds forwards of what their sender could never see', async () => {
  vi.spyOn(ConversationAccess.prototype, 'visible').mockImplementation(async (_, messages) => [...messages]);
  await expectFound({}, /could never see/);
}, 120_000);

test('C21: the judge finds mentions by edits that are not counted', async () => {
  const groups = { contract: 'C21', makePlan: makeGroupLifePlan };
  await expectFound({ engines: sabotage.uncountedMentions }, /has unread, mentions .* and is told/, groups);
}, 120_000);
