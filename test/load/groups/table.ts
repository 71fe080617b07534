import { type Histogram, markdownTable } from '@chasqui/app-cli/load';
import { totalOf } from '../watched.ts';
import type { GroupLoadFigures } from './group-load.ts';
import type { Added, SizeRow } from './sizes.ts';

const COLUMNS = [
  ...['members', 'online', 'messages/s', 'frames/s', 'µs a message', 'µs a frame', 'refused or lost'],
  ...['µs a message at 100/s', 'queued', 'received', 'stored', 'bytes written', 'client late p99'],
  ...['add: µs', 'add: ms', 'add: bytes'],
];

export function sizeTable(rows: readonly SizeRow[]): string {
  return markdownTable([COLUMNS, ...rows.map(rowOf)]);
}

export function rowOf({ size, online, closed, paced, added }: SizeRow): string[] {
  const cpuUs = totalOf(closed.used, 'cpuUs');
  return [
    ...[size, online, closed.load.done / closed.seconds, closed.load.chats / closed.seconds].map(whole),
    ...[whole(cpuUs / closed.load.done), (cpuUs / closed.load.chats).toFixed(2)],
    lostOf([closed.load, paced.load]),
    whole(totalOf(paced.used, 'cpuUs') / paced.load.done),
    ...[paced.load.queuing, paced.load.receiving, paced.load.storing].map(pair),
    whole(totalOf(paced.used, 'bytesWritten') / paced.load.done),
    ms(paced.load.late.quantile(0.99)),
    ...(added === undefined ? ['–', '–', '–'] : addedCells(added)),
  ];
}

function addedCells({ ms: took, used }: Added): string[] {
  const each = (figure: 'cpuUs' | 'bytesWritten') => whole(totalOf(used, figure) / took.count);
  return [each('cpuUs'), pair(took), each('bytesWritten')];
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en');

const pair = (of: Histogram): string => `${ms(of.quantile(0.5))} / ${ms(of.quantile(0.99))}`;

/** `us`: µs. */
export function ms(us: number): string {
  const value = us / 1_000;
  return value < 10 ? value.toFixed(1) : whole(value);
}

/** What was refused, or never came. */
function lostOf(loads: readonly GroupLoadFigures[]): string {
  const refused = loads.flatMap(({ refusals }) => [...refusals].map(([code, count]) => `${count} ${code}`));
  const unfinished = loads.reduce((sum, load) => sum + load.unfinished, 0);
  return [...refused, ...(unfinished > 0 ? [`${unfinished} unfinished`] : [])].join(', ') || '0';
}
