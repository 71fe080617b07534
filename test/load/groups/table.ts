import { type Histogram, markdownTable } from '@chasqui/app-cli/load';
import type { GroupLoad } from './group-load.ts';
import type { SizeRow } from './sizes.ts';

const COLUMNS = [
  ...['members', 'online', 'messages/s', 'frames/s', 'µs a message', 'µs a frame', 'refused or lost'],
  ...['µs a message at 100/s', 'queued', 'received', 'stored', 'bytes written', 'client late p99'],
  ...['add: µs', 'add: ms', 'add: bytes'],
];

export function sizeTable(rows: readonly SizeRow[]): string {
  return markdownTable([COLUMNS, ...rows.map(rowOf)]);
}

export function rowOf({ size, online, closed, paced, added }: SizeRow): string[] {
  return [
    ...[size, online, closed.load.done / closed.seconds, closed.load.chats / closed.seconds].map(whole),
    ...[whole(closed.cpuUs / closed.load.done), (closed.cpuUs / closed.load.chats).toFixed(2)],
    lostOf([closed.load, paced.load]),
    whole(paced.cpuUs / paced.load.done),
    ...[paced.load.queuing, paced.load.receiving, paced.load.storing].map(pair),
    whole(paced.bytesWritten / paced.load.done),
    ms(paced.load.late.quantile(0.99)),
    ...(added === undefined
      ? ['–', '–', '–']
      : [whole(added.cpuUs / added.count), pair(added.ms), whole(added.bytesWritten / added.count)]),
  ];
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en');

const pair = (of: Histogram): string => `${ms(of.quantile(0.5))} / ${ms(of.quantile(0.99))}`;

/** `us`: µs. */
export function ms(us: number): string {
  const value = us / 1_000;
  return value < 10 ? value.toFixed(1) : whole(value);
}

/** What was refused, or never came. */
function lostOf(loads: readonly GroupLoad[]): string {
  const refused = loads.flatMap(({ refusals }) => [...refusals].map(([code, count]) => `${count} ${code}`));
  const unfinished = loads.reduce((sum, load) => sum + load.unfinished, 0);
  return [...refused, ...(unfinished > 0 ? [`${unfinished} unfinished`] : [])].join(', ') || '0';
}
