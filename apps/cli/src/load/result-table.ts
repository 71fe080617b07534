import type { Histogram } from './histogram.ts';
import { LOAD_STAGES } from './message-tally.ts';
import type { LoadMode, LoadResult } from './run-load.ts';

/** A GitHub-flavoured Markdown table; its first row names the columns. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const RESULT_COLUMNS = [
  'load',
  'done/s',
  ...LOAD_STAGES,
  'settled after',
  'refused',
  'unfinished',
  'client late p99',
];

/** One run as a row; latencies as p50 / p99 / p99.9 / max in ms. */
export function resultRow({ plan, tally, throughput, unfinished, drainMs }: LoadResult): string[] {
  return [
    modeName(plan.mode),
    Math.round(throughput).toLocaleString('en'),
    ...LOAD_STAGES.map((stage) => (plan.stages.includes(stage) ? latencies(tally.latency[stage]) : '–')),
    `${Math.round(drainMs)} ms`,
    refusals(tally.refusals),
    String(unfinished),
    ms(tally.lateness.quantile(0.99)),
  ];
}

export function modeName(mode: LoadMode): string {
  return mode.kind === 'closed' ? `closed, ${mode.inFlight} in flight` : `open, ${mode.rate.toLocaleString('en')}/s`;
}

function latencies(histogram: Histogram): string {
  const quantiles = [0.5, 0.99, 0.999].map((q) => histogram.quantile(q));
  return [...quantiles, histogram.max].map(ms).join(' / ');
}

function ms(us: number): string {
  const value = us / 1_000;
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

function refusals(counts: ReadonlyMap<string, number>): string {
  const list = [...counts].map(([code, count]) => `${count} ${code}`);
  return list.length === 0 ? '0' : list.join(', ');
}
