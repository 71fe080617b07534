import { setTimeout as pause } from 'node:timers/promises';
import { Histogram } from '@chasqui/app-cli/load';
import { type OwnProcess, startWithLimits } from '../servers.ts';
import { addMembers, createGroup, memberName, memberNames } from './group-api.ts';
import { GroupCrowd } from './group-crowd.ts';
import { GroupLoad, type GroupLoadMode } from './group-load.ts';

/** Members who are online, half of them on each node. */
const ONLINE = 200;
/** The group of this size is measured once more, with so many online. */
const CROWDED = { size: 10_000, online: 2_000 };
const IN_FLIGHT = 64;
const RATE = 100;
/** Members who are added one by one. */
const ADDED = 20;
/** The index commits later than the stores; what it costs counts. */
const SETTLE_MS = 2_500;
/** After many members were made, the stores write their files back, and the index commits. */
const MADE_MS = 5_000;

export interface Run {
  load: GroupLoad;
  seconds: number;
  cpuUs: number;
  bytesWritten: number;
}

export interface SizeRow {
  size: number;
  online: number;
  closed: Run;
  paced: Run;
  /** Absent: not measured. */
  added?: { count: number; cpuUs: number; ms: Histogram; bytesWritten: number };
}

export interface SizesOptions {
  sizes: readonly number[];
  seconds: number;
  say(text: string): void;
  done(row: SizeRow): void;
}

/** Groups of all sizes on one server, whose limits let them through. */
export async function benchSizes({ sizes, seconds, say, done }: SizesOptions): Promise<SizeRow[]> {
  const limits = { maxGroupMembers: 200_000, groupMessagesPerSecond: 100_000, groupMessageBurst: 200_000 };
  await using server = await startWithLimits(limits);
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
    await measured(benchSize(server, { size, online: Math.min(ONLINE, size) }, seconds, true));
    if (size === CROWDED.size) await measured(benchSize(server, CROWDED, seconds, false));
  }
  return rows;
}

async function benchSize(
  server: OwnProcess,
  { size, online }: { size: number; online: number },
  seconds: number,
  adds: boolean,
): Promise<SizeRow> {
  const group = `group-of-${size}`;
  using crowd = await GroupCrowd.open(server.target, memberNames(online));
  const runIt = (mode: GroupLoadMode) => run(server, { crowd, group, mode, seconds });
  await runIt({ kind: 'closed', inFlight: IN_FLIGHT });
  const closed = await runIt({ kind: 'closed', inFlight: IN_FLIGHT });
  const paced = await runIt({ kind: 'open', rate: RATE });
  return { size, online, closed, paced, ...(adds ? { added: await addOneByOne(server, group) } : {}) };
}

interface RunOptions {
  crowd: GroupCrowd;
  group: string;
  mode: GroupLoadMode;
  seconds: number;
}

async function run(server: OwnProcess, { crowd, group, mode, seconds }: RunOptions): Promise<Run> {
  const load = new GroupLoad(crowd, group);
  const before = server.process.use();
  const took = await load.run(mode, seconds);
  await pause(SETTLE_MS);
  const after = server.process.use();
  const bytesWritten = after.bytesWritten - before.bytesWritten;
  return { load, seconds: took, cpuUs: after.cpuUs - before.cpuUs, bytesWritten };
}

async function addOneByOne(server: OwnProcess, group: string): Promise<NonNullable<SizeRow['added']>> {
  const ms = new Histogram();
  const add = (n: number) => addMembers(server, group, memberName(n % 10), [`late-${n}`]);
  for (let n = 0; n < ADDED; n++) await add(n);
  const before = server.process.use();
  for (let n = ADDED; n < 2 * ADDED; n++) {
    const startedAt = performance.now();
    await add(n);
    ms.record((performance.now() - startedAt) * 1_000);
  }
  await pause(SETTLE_MS);
  const after = server.process.use();
  const bytesWritten = after.bytesWritten - before.bytesWritten;
  return { count: ADDED, ms, cpuUs: after.cpuUs - before.cpuUs, bytesWritten };
}
