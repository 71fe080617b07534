import { markdownTable } from '@chasqui/app-cli/load';
import type { Run, SizeRow } from '../groups/sizes.ts';
import { whole } from '../groups/table.ts';
import { type Costs, costsOf } from '../measured.ts';
import { CLIENT, type UsedByPart } from '../watched.ts';
import { costRows } from './cost-table.ts';

/** What everybody does while nobody sends, in so many seconds. */
export interface Quiet {
  seconds: number;
  used: UsedByPart;
}

/** CPU of each part: for each message of both loads, and for each member who was added. */
export function groupCostTable(quiet: Quiet, rows: readonly SizeRow[]): string {
  const columns: [string, Costs][] = [
    ['nothing, a second', costsOf(quiet.used, quiet.seconds)],
    ...columnsOf(rows, 'at the limit', ({ closed }) => costsOfRun(closed)),
    ...columnsOf(rows, 'at 100/s', ({ paced }) => costsOfRun(paced)),
    ...columnsOf(rows, 'a member added', ({ added }) => added && costsOf(added.used, added.ms.count)),
  ];
  return [
    '### What a group costs each part',
    '',
    'CPU µs of all threads and processes of a part, for each message that was done, or for each member who was added.',
    '',
    markdownTable([['part', ...columns.map(([name]) => name)], ...costRows(columns.map(([, costs]) => [costs]))]),
  ].join('\n');
}

/** What each engine writes to the disk. */
export function bytesTable(quiet: Quiet, rows: readonly SizeRow[]): string {
  const columns: [string, UsedByPart, number][] = [
    ['nothing, a second', quiet.used, quiet.seconds],
    ...columnsOf(rows, 'at the limit', ({ closed }) => closed).map(usedFor),
    ...columnsOf(rows, 'at 100/s', ({ paced }) => paced).map(usedFor),
    ...columnsOf(rows, 'a member added', ({ added }) => added).map(
      ([name, { used, ms }]): [string, UsedByPart, number] => [name, used, ms.count],
    ),
  ];
  const engines = [...quiet.used].filter(([name, { isOurs }]) => !isOurs && name !== CLIENT).map(([name]) => name);
  return [
    '### What a group costs each disk',
    '',
    'Bytes that an engine writes to the disk in whole pages, counted likewise.',
    '',
    markdownTable([
      ['engine', ...columns.map(([name]) => name)],
      ...engines.map((engine) => [
        engine,
        ...columns.map(([, used, count]) => whole((used.get(engine)?.bytesWritten ?? 0) / count)),
      ]),
    ]),
  ].join('\n');
}

/** The difference that further frames make to Connect, from the group with the fewest of them a message. */
export function framesText(rows: readonly SizeRow[]): string {
  const framesOf = ({ load }: Run) => load.chats / load.done;
  const connectOf = (run: Run) => costsOfRun(run).cpuOfParts.get('connect') ?? 0;
  const [first, ...others] = rows.map(({ size, closed }) => ({
    size,
    us: connectOf(closed),
    frames: framesOf(closed),
  }));
  const texts = others.map(({ size, us, frames }) => {
    const further = frames - (first?.frames ?? 0);
    return further < 1 ? '' : `${whole(size)} members ${((us - (first?.us ?? 0)) / further).toFixed(2)}`;
  });
  const told = texts.filter((text) => text !== '').join(', ') || 'not measured';
  return `Connect's CPU µs for each further frame of a message at the limit, against the smallest group: ${told}.`;
}

const costsOfRun = ({ used, load }: Run): Costs => costsOf(used, load.done);

const usedFor = ([name, { used, load }]: [string, Run]): [string, UsedByPart, number] => [name, used, load.done];

/** A column for each size that has it. */
function columnsOf<T>(rows: readonly SizeRow[], what: string, of: (row: SizeRow) => T | undefined): [string, T][] {
  return rows.flatMap((row): [string, T][] => {
    const value = of(row);
    return value === undefined ? [] : [[`${whole(row.size)}, ${what}`, value]];
  });
}
