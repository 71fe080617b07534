import { Histogram } from '@chasqui/app-cli/load';
import { expect, test } from 'vitest';
import type { Run, SizeRow } from '../groups/sizes.ts';
import { rowOf } from '../groups/table.ts';
import { CLIENT, type Part, type UsedByPart, usedBetween } from '../watched.ts';
import { bytesTable, framesText, groupCostTable } from './group-tables.ts';

const part = (name: string, isOurs: boolean, cpuSeconds: number, bytesWritten: number): Part => ({
  ...{ name, isOurs, cpuSeconds, bytesWritten },
  residentMb: 1,
});

/** Two nodes of ours, an engine and the client, which used so many CPU seconds and bytes. */
function used(connect: number, mysql: number, bytes: number): UsedByPart {
  const at = (count: number) => [
    part('connect', true, 1 + (count * connect) / 2, 10),
    part('connect', true, 2 + (count * connect) / 2, 10),
    part('mysql', false, 3 + count * mysql, 5 + count * bytes),
    part(CLIENT, false, 4 + count * 9, 5 + count * 9_000),
  ];
  return usedBetween(at(0), at(1));
}

function run(chats: number, of: UsedByPart): Run {
  const [queuing, receiving, storing, late] = [new Histogram(), new Histogram(), new Histogram(), new Histogram()];
  const load = { done: 1_000, chats, unfinished: 0, refusals: new Map(), queuing, receiving, storing, late };
  return { load, seconds: 10, used: of };
}

function rowFor(size: number, chatsEach: number, connect: number): SizeRow {
  const ms = new Histogram();
  for (let n = 0; n < 20; n++) ms.record(5_000);
  return {
    ...{ size, online: chatsEach + 1 },
    closed: run(chatsEach * 1_000, used(connect, 0.5, 2_000_000)),
    paced: run(chatsEach * 1_000, used(1, 2, 4_000_000)),
    added: { ms, used: used(0.02, 0.04, 200_000) },
  };
}

const quiet = { seconds: 10, used: used(0.001, 0.01, 1_000) };
const rows = [rowFor(10, 9, 0.1), rowFor(1_000, 199, 0.29)];
const cellsOf = (table: string, name: string) =>
  table
    .split('\n')
    .flatMap((line) => (line.startsWith(`| ${name} |`) ? [line.slice(2, -2).split(' | ').slice(1)] : []));

test('parts of one name are summed, and the client is told apart from what a message costs', () => {
  const table = groupCostTable(quiet, rows);
  expect(cellsOf(table, 'connect')).toEqual([['100', '100', '290', '1,000', '1,000', '1,000', '1,000']]);
  expect(cellsOf(table, 'mysql')).toEqual([['1,000', '500', '500', '2,000', '2,000', '2,000', '2,000']]);
  expect(cellsOf(table, 'our parts')).toEqual(cellsOf(table, 'connect'));
  expect(cellsOf(table, 'all but the client')).toEqual([['1,100', '600', '790', '3,000', '3,000', '3,000', '3,000']]);
  expect(rowOf(rows[0] as SizeRow).slice(4, 8)).toEqual(['600', '66.67', '0', '3,000']);
});

test('only engines write to the disk, for each message or added member', () => {
  const table = bytesTable(quiet, rows);
  expect(cellsOf(table, 'mysql')).toEqual([['100', '2,000', '2,000', '4,000', '4,000', '10,000', '10,000']]);
  expect([...cellsOf(table, 'connect'), ...cellsOf(table, CLIENT)]).toEqual([]);
});

test('a further frame costs what Connect needs more than for the smallest group', () => {
  expect(framesText(rows)).toMatch(/: 1,000 members 1\.00\.$/);
  expect(framesText(rows.slice(0, 1))).toMatch(/: not measured\.$/);
});
