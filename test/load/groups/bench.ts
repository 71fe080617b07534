import { setTimeout as pause } from 'node:timers/promises';
import { Histogram, markdownTable } from '@chasqui/app-cli/load';
import type { Seen } from '../hostile/honest-user.ts';
import { pinSelf } from '../pinned.ts';
import { machineLine } from '../report.ts';
import { type OwnProcess, startWithLimits } from '../servers.ts';
import { type Beside, BUSY_MEMBERS, BUSY_ONLINE, directBesideGroup, OFFERED } from './direct-beside.ts';
import { addMembers, createGroup, memberName, memberNames } from './group-api.ts';
import { GroupCrowd } from './group-crowd.ts';
import { GroupLoad, type GroupLoadMode } from './group-load.ts';
import { GROUPS, type LogInCost, measureLogIns } from './log-ins.ts';

export interface GroupsBenchOptions {
  command: string;
  /** Members of the groups, ascending. */
  sizes: readonly number[];
  /** Of each load. */
  seconds: number;
  say(text: string): void;
}

/** Members who are online. */
const ONLINE = 200;
const IN_FLIGHT = 64;
const RATE = 100;
/** Members who are added one by one. */
const ADDED = 20;
/** The index commits later than the stores; what it costs counts. */
const SETTLE_MS = 2_500;

interface Run {
  load: GroupLoad;
  seconds: number;
  cpuUs: number;
  bytesWritten: number;
}

interface Row {
  size: number;
  online: number;
  closed: Run;
  paced: Run;
  added: { cpuUs: number; ms: Histogram; bytesWritten: number };
}

/** What groups of several sizes cost, what a hot one does to a direct chat beside it, and what log-ins cost. */
export async function benchGroups({ command, sizes, seconds, say }: GroupsBenchOptions): Promise<string> {
  pinSelf(1);
  const rows = await benchSizes(sizes, seconds, say);
  const beside = await directBesideGroup(seconds);
  const logIns = await measureLogIns();
  const parts = [machineLine(command, 'server on core 0, everybody else on core 1'), tableOf(rows)];
  return `${[...parts, besideText(beside), logInText(logIns)].join('\n\n')}\n`;
}

async function benchSizes(sizes: readonly number[], seconds: number, say: GroupsBenchOptions['say']): Promise<Row[]> {
  const limits = { maxGroupMembers: 200_000, groupMessagesPerSecond: 100_000, groupMessageBurst: 200_000 };
  await using server = await startWithLimits(limits);
  const rows: Row[] = [];
  for (const size of sizes) {
    const group = `group-of-${size}`;
    const startedAt = performance.now();
    await createGroup(server, group, memberNames(size));
    say(`${group}: made in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    const online = Math.min(ONLINE, size);
    using crowd = await GroupCrowd.open(server.target, memberNames(online));
    await run(server, crowd, group, { kind: 'closed', inFlight: IN_FLIGHT }, seconds);
    const closed = await run(server, crowd, group, { kind: 'closed', inFlight: IN_FLIGHT }, seconds);
    const paced = await run(server, crowd, group, { kind: 'open', rate: RATE }, seconds);
    const added = await addOneByOne(server, group);
    const row = { size, online, closed, paced, added };
    say(rowOf(row).join(' | '));
    rows.push(row);
  }
  return rows;
}

async function run(
  server: OwnProcess,
  crowd: GroupCrowd,
  group: string,
  mode: GroupLoadMode,
  seconds: number,
): Promise<Run> {
  const load = new GroupLoad(crowd, group);
  const before = server.process.use();
  const took = await load.run(mode, seconds);
  await pause(SETTLE_MS);
  const after = server.process.use();
  const bytesWritten = after.bytesWritten - before.bytesWritten;
  return { load, seconds: took, cpuUs: after.cpuUs - before.cpuUs, bytesWritten };
}

async function addOneByOne(server: OwnProcess, group: string): Promise<Row['added']> {
  const ms = new Histogram();
  const add = (n: number) => addMembers(server, group, memberName(n % 10), [`late-${n}`]);
  for (let n = 0; n < ADDED; n++) await add(n);
  const before = server.process.use();
  for (let n = ADDED; n < 2 * ADDED; n++) {
    const startedAt = performance.now();
    await add(n);
    ms.record((performance.now() - startedAt) * 1_000);
  }
  const after = server.process.use();
  return { ms, cpuUs: after.cpuUs - before.cpuUs, bytesWritten: after.bytesWritten - before.bytesWritten };
}

const COLUMNS = [
  ...['members', 'online', 'messages/s', 'frames/s', 'µs a message', 'µs a frame', 'refused or lost'],
  ...['µs a message at 100/s', 'queued', 'received', 'stored', 'bytes written', 'client late p99'],
  ...['add: µs', 'add: ms', 'add: bytes'],
];

function tableOf(rows: readonly Row[]): string {
  return markdownTable([COLUMNS, ...rows.map(rowOf)]);
}

function rowOf({ size, online, closed, paced, added }: Row): string[] {
  return [
    ...[size, online, closed.load.done / closed.seconds, closed.load.chats / closed.seconds].map(whole),
    ...[whole(closed.cpuUs / closed.load.done), (closed.cpuUs / closed.load.chats).toFixed(2)],
    lostOf([closed.load, paced.load]),
    whole(paced.cpuUs / paced.load.done),
    ...[paced.load.queuing, paced.load.receiving, paced.load.storing].map(pair),
    whole(paced.bytesWritten / paced.load.done),
    ms(paced.load.late.quantile(0.99)),
    ...[whole(added.cpuUs / ADDED), pair(added.ms), whole(added.bytesWritten / ADDED)],
  ];
}

const whole = (value: number) => Math.round(value).toLocaleString('en');
const pair = (histogram: Histogram) => `${ms(histogram.quantile(0.5))} / ${ms(histogram.quantile(0.99))}`;

function ms(us: number): string {
  const value = us / 1_000;
  return value < 10 ? value.toFixed(1) : whole(value);
}

/** What was refused, or never came. */
function lostOf(loads: readonly GroupLoad[]): string {
  const refused = loads.flatMap(({ refusals }) => [...refusals].map(([code, count]) => `${count} ${code}`));
  const unfinished = loads.reduce((sum, load) => sum + load.unfinished, 0);
  return [...refused, ...(unfinished > 0 ? [`${unfinished} unfinished`] : [])].join(', ') || '0';
}

function besideText({ quiet, busy, counts }: Beside): string {
  const row = (name: string, { ping, received, stored, late }: Seen) => [
    name,
    ...[ping, received, stored].map(pair),
    ms(late.quantile(0.99)),
  ];
  const table = [
    ['two users in a direct chat', 'ping', 'received', 'stored', 'client late p99'],
    row('quiet', quiet),
    row('beside the group', busy),
  ];
  const { done, chats, refused, unfinished, receivedP50, receivedP99 } = counts;
  return [
    `A group of ${whole(BUSY_MEMBERS)} members, ${BUSY_ONLINE} of them online, is offered ${OFFERED} messages a second: ${whole(done)} done (${whole(chats)} frames,`,
    `received ${ms(receivedP50)} / ${ms(receivedP99)}), ${whole(refused)} refused with \`too_fast\`, ${unfinished} unfinished.\n\n${markdownTable(table)}`,
  ].join(' ');
}

function logInText({ none, quiet, fresh }: LogInCost): string {
  return (
    `CPU µs of a log-in and a log-out: of a user without groups ${whole(none)}, of a user of ${whole(GROUPS)} quiet groups ${whole(quiet)}, ` +
    `of the same user with a new device, which gets its first page of groups, ${whole(fresh)}.`
  );
}
