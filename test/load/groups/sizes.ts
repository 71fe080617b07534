import { setTimeout as pause } from 'node:timers/promises';
import { Histogram } from '@chasqui/app-cli/load';
import { type UsedByPart, usedBetween, type Watched } from '../watched.ts';
import { addMembers, createGroup, type GroupServer, memberName, memberNames } from './group-api.ts';
import { GroupCrowd } from './group-crowd.ts';
import { GroupLoad, type GroupLoadFigures, type GroupLoadMode } from './group-load.ts';

/** Members who are online, half of them on each node. */
const ONLINE = 200;
const RATE = 100;
/** Members who are added one by one; with fewer, a flush of the stores that falls among them is much of what one costs. */
const ADDED = 60;
/** The index commits later than the stores; what it costs counts. */
const SETTLE_MS = 2_500;
/** After many members were made, the stores write their files back, and the index commits. */
const MADE_MS = 5_000;

export interface Run {
  load: GroupLoadFigures;
  seconds: number;
  used: UsedByPart;
}

/** Members who were added one by one, each in so many ms. */
export interface Added {
  ms: Histogram;
  used: UsedByPart;
}

export interface SizeRow {
  size: number;
  online: number;
  closed: Run;
  paced: Run;
  /** Absent: not measured. */
  added?: Added;
}

/** A server whose limits let the groups through. */
export interface SizesServer extends GroupServer {
  process: Watched;
}

export interface SizesOptions {
  /** Members of the groups, ascending. */
  sizes: readonly number[];
  /** The group of this size is measured once more, with so many online. */
  crowded?: { size: number; online: number };
  /** Messages in flight of the closed load. */
  inFlight: number;
  /** Closed loads that do not count, before those of each size. */
  warmUps: number;
  seconds: number;
  say(text: string): void;
  done(row: SizeRow): void;
}

/** Groups of all sizes on one server. */
export async function benchSizes(server: SizesServer, options: SizesOptions): Promise<SizeRow[]> {
  const { sizes, crowded, say, done } = options;
  const rows: SizeRow[] = [];
  const measured = async (row: Promise<SizeRow>) => {
    rows.push(await row);
    done(await row);
  };
  for (const size of sizes) {
    const group = `group-of-${size}`;
    const startedAt = performance.now();
    await createGroup(server, group, memberNames(size));
    say(`${group}: made in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    await pause(MADE_MS);
    await measured(benchSize(server, { size, online: Math.min(ONLINE, size) }, options, true));
    if (size === crowded?.size) await measured(benchSize(server, crowded, options, false));
  }
  return rows;
}

async function benchSize(
  server: SizesServer,
  { size, online }: { size: number; online: number },
  { inFlight, warmUps, seconds }: SizesOptions,
  adds: boolean,
): Promise<SizeRow> {
  const group = `group-of-${size}`;
  using crowd = await GroupCrowd.open(server.target, memberNames(online));
  const runIt = (mode: GroupLoadMode) => run(server, { crowd, group, mode, seconds });
  for (let n = 0; n < warmUps; n++) await runIt({ kind: 'closed', inFlight });
  const closed = await runIt({ kind: 'closed', inFlight });
  const paced = await runIt({ kind: 'open', rate: RATE });
  return { size, online, closed, paced, ...(adds ? { added: await addOneByOne(server, group) } : {}) };
}

interface RunOptions {
  crowd: GroupCrowd;
  group: string;
  mode: GroupLoadMode;
  seconds: number;
}

async function run(server: SizesServer, { crowd, group, mode, seconds }: RunOptions): Promise<Run> {
  const load = new GroupLoad(crowd, group);
  const before = server.process.parts();
  const took = await load.run(mode, seconds);
  await pause(SETTLE_MS);
  return { load, seconds: took, used: usedBetween(before, server.process.parts()) };
}

async function addOneByOne(server: SizesServer, group: string): Promise<Added> {
  const ms = new Histogram();
  const add = (n: number) => addMembers(server, group, memberName(n % 10), [`late-${n}`]);
  for (let n = 0; n < ADDED; n++) await add(n);
  const before = server.process.parts();
  for (let n = ADDED; n < 2 * ADDED; n++) {
    const startedAt = performance.now();
    await add(n);
    ms.record((performance.now() - startedAt) * 1_000);
  }
  await pause(SETTLE_MS);
  return { ms, used: usedBetween(before, server.process.parts()) };
}
