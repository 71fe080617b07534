import { markdownTable } from '@chasqui/app-cli/load';
import { ms, whole } from '../groups/table.ts';
import { totalOf } from '../watched.ts';
import type { Probe } from './probes.ts';
import type { StepRow } from './series.ts';
import type { Start } from './start.ts';

const COLUMNS = [
  ...['users', 'messages so far', 'messages/s', 'µs a message', 'against 100 pairs', 'by thread'],
  ...['kB to disk', 'stored', 'resident MB', 'heap MB', 'folder MB', 'µs a log-in', 'refused, then repeated'],
];

/** All rows are compared with the first one. */
export function stepTable(rows: readonly StepRow[]): string {
  return markdownTable([COLUMNS, ...rows.map((row) => stepCells(row, rows[0] ?? row))]);
}

export function stepCells(row: StepRow, base: StepRow): string[] {
  const { name, sent, load, seconds, bytesToDisk, logInUs, held } = row;
  return [
    ...[name, whole(sent), whole(load.done / seconds)],
    ...[cpuUsOf(row).toFixed(1), `× ${(cpuUsOf(row) / cpuUsOf(base)).toFixed(2)}`, threadsOf(row)],
    (bytesToDisk / load.done / 1_024).toFixed(1),
    `${ms(load.storing.quantile(0.5))} / ${ms(load.storing.quantile(0.99))}`,
    ...[held.resident, held.heap, held.folder, logInUs].map(whole),
    lostOf(row),
  ];
}

const cpuUsOf = ({ used, load }: StepRow): number => totalOf(used, 'cpuUs') / load.done;

/** CPU µs a message, of threads with at least one. */
function threadsOf({ used, load }: StepRow): string {
  const threads = [...used].map(([name, { cpuUs }]) => ({ name, us: cpuUs / load.done }));
  const named = threads.filter(({ us }) => us >= 1).sort((a, b) => b.us - a.us);
  return named.map(({ name, us }) => `${name} ${us.toFixed(0)}`).join(', ');
}

function lostOf({ load: { refusals, others, unfinished } }: StepRow): string {
  const counts = [...refusals, ...others].map(([what, count]) => `${count} ${what}`);
  return [...counts, ...(unfinished > 0 ? [`${unfinished} unfinished`] : [])].join(', ') || '0';
}

export function startTable(starts: readonly Start[]): string {
  const cells = ({ name, seconds, held }: Start) => [
    ...[name, seconds.toFixed(1)],
    ...[held.resident, held.heap, held.folder].map(whole),
  ];
  return markdownTable([['data folder', 'start s', 'resident MB', 'heap MB', 'folder MB'], ...starts.map(cells)]);
}

export function probeTable(probes: readonly Probe[]): string {
  const cells = ({ what, took, cpuUs, found }: Probe) => [
    ...[what, whole(took.count), `${ms(took.quantile(0.5))} / ${ms(took.quantile(0.99))}`],
    ...[whole(cpuUs), whole(found)],
  ];
  return markdownTable([['call', 'calls', 'ms', 'CPU µs', 'found'], ...probes.map(cells)]);
}
