import { parseArgs } from 'node:util';
import { defined } from '@chasqui/domain';
import { engineSet } from '../../deploy/engines/local-engines.ts';
import { runFaults } from './run.ts';
import { runGroupFaults } from './run-groups.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
    pairs: { type: 'string', default: '4' },
    each: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    set: { type: 'string' },
    groups: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    disks: { type: 'boolean', default: false },
  },
});
// `--set classic` is on real engines too.
const set = values.real || values.set !== undefined ? engineSet(values.set ?? 'large') : undefined;
const seed = Number(values.seed);
const startedAt = performance.now();
const since = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`.padStart(8);
console.log(
  `faults${values.groups ? ' with groups' : ''} with seed ${seed}${set === undefined ? '' : ` on the engines of the ${set} set`}${values.each ? ', every fault once' : ` for ${values.seconds} s`}`,
);
const run = values.groups ? runGroupFaults : runFaults;
const { violations, messages, troubles, settledMs, toldMs, story } = await run({
  seconds: Number(values.seconds),
  seed,
  pairs: Number(values.pairs),
  each: values.each,
  only: values.only,
  disks: values.disks,
  ...defined({ set }),
  onProgress: (line) => console.log(`${since()}  ${line}`),
});
console.log('\n| fault | times |\n| --- | ---: |');
for (const { name, times } of troubles) console.log(`| ${name} | ${times} |`);
console.log(
  `\n${messages} messages; all devices had all updates ${(settledMs / 1_000).toFixed(1)} s after the last fault.`,
);
console.log(`The webhook receiver was waited for ${(toldMs / 1_000).toFixed(1)} s more.`);
for (const { contract, text } of violations.slice(0, 50)) console.log(`${contract}: ${text}`);
for (const line of story) console.log(line);
console.log(`${violations.length} violations`);
if (violations.length > 0) process.exitCode = 1;
