// npm run bench [-- --quick] [--profile] [--real [--set classic] [--low]] [--nodes 1,2,4] [--hostile [--only text]] [--groups [--real] [--sizes 10,100]] [--hooks]
// [--files] [--actions] [--many [--users 50000] [--messages 1000000] [--stored 5000000] [--only uniform]] [--out file]
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ProfileSummary, summarizeProfiles } from './cpu-profile.ts';
import { type BenchSize, FULL, measureIdle, QUICK, REAL, runOverload, runPhases } from './phases.ts';
import { pinSelf } from './pinned.ts';
import { type ContenderReport, reportOf } from './report.ts';
import { WEIGHED } from './server-process.ts';
import { type OwnProcess, startChasqui, startRelay } from './servers.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    set: { type: 'string', default: 'large' },
    low: { type: 'boolean', default: false },
    hostile: { type: 'boolean', default: false },
    groups: { type: 'boolean', default: false },
    hooks: { type: 'boolean', default: false },
    files: { type: 'boolean', default: false },
    actions: { type: 'boolean', default: false },
    many: { type: 'boolean', default: false },
    users: { type: 'string', default: '50000' },
    messages: { type: 'string' },
    stored: { type: 'string' },
    sizes: { type: 'string' },
    only: { type: 'string', default: '' },
    nodes: { type: 'string', default: '1,2,4' },
    out: { type: 'string' },
  },
});
const size = values.quick ? QUICK : values.real ? REAL : FULL;
const say = (text: string) => process.stderr.write(`${text}\n`);

/** Memory is measured on a fresh server: a used one has spare heap. */
async function idleKb(start: () => Promise<OwnProcess>): Promise<number> {
  await using contender = await start();
  return await measureIdle(contender, size.idleConnections);
}

async function benchRelay(log: boolean): Promise<ContenderReport> {
  say(log ? 'the relay with a log' : 'the bare relay');
  await using contender = await startRelay({ log });
  const results = await runPhases(contender, size);
  return { name: contender.name, results, idleKb: await idleKb(() => startRelay({ log, nodeFlags: WEIGHED })) };
}

async function benchChasqui(): Promise<ContenderReport> {
  say('Chasqui');
  await using contender = await startChasqui();
  const results = await runPhases(contender, size);
  say('Chasqui beyond its limit');
  const overload = await runOverload(contender, results, size);
  return { name: contender.name, results, overload, idleKb: await idleKb(() => startChasqui(WEIGHED)) };
}

/** A separate run, because profiling takes time. */
async function profileChasqui(): Promise<ProfileSummary> {
  say('Chasqui under the profiler');
  const dir = await mkdtemp(join(tmpdir(), 'chasqui-profile-'));
  try {
    const profiled: BenchSize = { ...size, rates: [2_000] };
    await using contender = await startChasqui(['--cpu-prof', `--cpu-prof-dir=${dir}`]);
    await runPhases(contender, profiled);
    await contender.process[Symbol.asyncDispose]();
    return summarizeProfiles(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function benchAll(command: string): Promise<string> {
  pinSelf(1);
  const contenders = [await benchChasqui(), await benchRelay(true), await benchRelay(false)];
  const profile = values.profile ? await profileChasqui() : undefined;
  return reportOf(command, contenders, profile);
}

const command = ['npm run bench', ...(process.argv.length > 2 ? ['--'] : []), ...process.argv.slice(2)].join(' ');
/** Drivers are loaded only where they are used. */
async function benchReal(command: string): Promise<string> {
  const { engineSet } = await import('../../deploy/engines/local-engines.ts');
  const set = engineSet(values.set);
  if (values.low) {
    const { benchLowRates } = await import('./real/low-rates.ts');
    return benchLowRates({ command, set, seconds: values.quick ? 10 : 30, say });
  }
  const { benchOnEngines } = await import('./real/bench.ts');
  return benchOnEngines({ command, size, set, nodes: values.nodes.split(',').map(Number), say });
}

/** The effect of attacks on two honest users. */
async function benchAttacks(command: string): Promise<string> {
  const { benchHostile } = await import('./hostile/bench.ts');
  return benchHostile({ command, seconds: values.quick ? 2 : 6, only: values.only, say });
}

/** What groups of several sizes cost. */
async function benchOfGroups(command: string): Promise<string> {
  const [seconds, turns] = values.quick ? [3, 3] : [10, 5];
  const sizesOr = (usual: string) => (values.sizes ?? usual).split(',').map(Number);
  if (values.real) {
    const { benchGroupsOnEngines } = await import('./real/groups.ts');
    return benchGroupsOnEngines({ command, sizes: sizesOr('10,1000,10000'), seconds, say });
  }
  const { benchGroups } = await import('./groups/bench.ts');
  return benchGroups({ command, sizes: sizesOr('10,100,1000,10000,100000'), seconds, turns, say });
}

/** What webhooks cost a message. */
async function benchOfHooks(command: string): Promise<string> {
  const { benchHooks } = await import('./hooks/bench.ts');
  const [seconds, turns] = values.quick ? [3, 1] : [10, 4];
  return benchHooks({ command, rate: 500, seconds, turns, say });
}

/** What the files of messages cost. */
async function benchOfFiles(command: string): Promise<string> {
  const { benchFiles } = await import('./files/bench.ts');
  const sizes = values.quick
    ? ([[100_000, 40]] as const)
    : ([
        [100_000, 400],
        [5_000_000, 80],
        [2 ** 30, 2],
      ] as const);
  return benchFiles({ command, sizes, say });
}

/** What edits and reactions cost beside receipts. */
async function benchOfActions(command: string): Promise<string> {
  const { benchActions } = await import('./actions/bench.ts');
  const [messages, turns] = values.quick ? [16, 1] : [40, 4];
  return benchActions({ command, pairs: 50, messages, turns, flood: 300, say });
}

/** What a message costs among many users. */
async function benchOfMany(command: string): Promise<string> {
  const { benchMany, PARTS } = await import('./many/bench.ts');
  const step = 50_000;
  const { messages, stored, calls } = values.quick
    ? { messages: 2 * step, stored: 200_000, calls: 50 }
    : { messages: 20 * step, stored: 5_000_000, calls: 200 };
  return benchMany(command, {
    parts: PARTS.filter((part) => part.includes(values.only)),
    ...{ users: Number(values.users), step, steps: Number(values.messages ?? messages) / step },
    ...{ stored: Number(values.stored ?? stored), calls, say },
  });
}

const bench = values.many
  ? benchOfMany
  : values.actions
    ? benchOfActions
    : values.files
      ? benchOfFiles
      : values.hooks
        ? benchOfHooks
        : values.groups
          ? benchOfGroups
          : values.hostile
            ? benchAttacks
            : values.real
              ? benchReal
              : benchAll;
const report = await bench(command);
process.stdout.write(report);
if (values.out !== undefined) await writeFile(values.out, report);
