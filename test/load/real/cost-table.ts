import { markdownTable, modeName } from '@chasqui/app-cli/load';
import type { Costs, Measured } from '../measured.ts';
import { CLIENT } from '../watched.ts';
import type { Scaled } from './scaling.ts';

/** The cost of each message in each part: a row for each part, a column for each load. */
export function costTable(results: readonly Measured[]): string {
  return [
    '## What a message costs each part',
    '',
    'CPU µs of all threads and processes of a part, for each message that was done.',
    '',
    markdownTable([
      ['part', ...results.map(({ plan }) => modeName(plan.mode))],
      ...costRows(results.map((result) => [result])),
    ]),
  ].join('\n');
}

/** The same for each number of Connect nodes: medians of several runs. */
export function scalingTable(scaled: readonly Scaled[]): string {
  const cost = ({ runs }: Scaled) => median(runs, withoutClient);
  const ofFewest = ({ inFlight }: Scaled) => cost(scaled.find((other) => other.inFlight === inFlight) as Scaled);
  return [
    '## As Connect nodes are added',
    '',
    `CPU µs a message, as above. Medians of ${scaled[0]?.runs.length ?? 0} runs on warm processes, half while nodes are added, half while they are removed.`,
    '',
    markdownTable([
      ['part', ...scaled.map(({ connect, inFlight }) => `${connect} × Connect, ${inFlight} in flight`)],
      ...costRows(scaled.map(({ runs }) => runs)),
      ['against the fewest nodes', ...scaled.map((one) => `${((cost(one) / ofFewest(one) - 1) * 100).toFixed(0)} %`)],
      ['done/s', ...scaled.map(({ runs }) => whole(median(runs, ({ throughput }) => throughput)))],
    ]),
  ].join('\n');
}

/** A row for each part, and two sums; a column for each load, of whose runs the medians are taken. */
export function costRows(columns: readonly (readonly Costs[])[]): string[][] {
  const names = new Set(columns.flat().flatMap(({ cpuOfParts }) => [...cpuOfParts.keys()]));
  const row = (name: string, figure: (costs: Costs) => number) => [
    name,
    ...columns.map((runs) => whole(median(runs, figure))),
  ];
  return [
    ...[...names].map((name) => row(name, ({ cpuOfParts }) => cpuOfParts.get(name) ?? 0)),
    row('our parts', ({ cpuPerMillion }) => cpuPerMillion),
    row('all but the client', withoutClient),
  ];
}

function median<T>(runs: readonly T[], figure: (run: T) => number): number {
  const sorted = runs.map(figure).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function withoutClient({ cpuOfParts }: Costs): number {
  return [...cpuOfParts].reduce((sum, [name, us]) => sum + (name === CLIENT ? 0 : us), 0);
}

function whole(figure: number): string {
  return Math.round(figure).toLocaleString('en');
}
