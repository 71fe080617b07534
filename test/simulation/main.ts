import { parseArgs } from 'node:util';
import { Counts } from './counts.ts';
import { makeGroupPlan } from './groups/make-plan.ts';
import { withLife } from './life/make-plan.ts';
import { makePlan } from './make-plan.ts';
import { withReactions } from './reactions/make-plan.ts';
import { runPlan } from './run-plan.ts';
import { shrink } from './shrink.ts';
import { tellStory } from './story.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    groups: { type: 'boolean', default: false },
    reactions: { type: 'boolean', default: false },
    life: { type: 'boolean', default: false },
  },
});

const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const counts = new Counts();
const started = performance.now();
let failures = 0;

for (let seed = first; seed < first + count; seed++) {
  const bare = values.groups ? makeGroupPlan(seed) : makePlan(seed);
  const reacting = values.reactions ? withReactions(bare) : bare;
  const result = await runPlan(values.life ? withLife(reacting) : reacting);
  counts.addAll(result.counts);
  counts.add('virtual seconds', Math.round(result.virtualMs / 1000));
  if (result.violations.length > 0) {
    failures++;
    console.log(tellStory(await shrink(result)));
  }
  if ((seed - first + 1) % 100 === 0) console.log(`${seed - first + 1} of ${count} seeds, ${failures} failed`);
}

console.table(Object.fromEntries(counts.entries()));
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`${count} seeds in ${seconds} s: ${failures === 0 ? 'no contract was broken' : `${failures} failed`}`);
if (failures > 0) process.exitCode = 1;
