import { markdownTable, modeName } from '@chasqui/app-cli/load';
import type { Measured } from '../measured.ts';
import type { NodesReport } from './bench.ts';

/** What each message cost each part: a row a part, a column for each number of nodes and load. */
export function costTable(reports: readonly NodesReport[]): string {
  const runs = reports.flatMap(({ connect, results }) => results.map((result) => ({ connect, result })));
  const names = [...new Set(runs.flatMap(({ result }) => [...result.cpuOfParts.keys()]))];
  const row = (name: string, figure: (result: Measured) => number) => [
    name,
    ...runs.map(({ result }) => Math.round(figure(result)).toLocaleString('en')),
  ];
  return [
    '## What a message costs each part',
    '',
    'CPU µs for each message that was done, of all threads and processes of a part.',
    '',
    markdownTable([
      ['part', ...runs.map(({ connect, result }) => `${connect} × Connect: ${modeName(result.plan.mode)}`)],
      ...names.map((name) => row(name, ({ cpuOfParts }) => cpuOfParts.get(name) ?? 0)),
      row('our parts', ({ cpuPerMillion }) => cpuPerMillion),
      row('all but the client', ({ cpuOfParts }) => withoutClient(cpuOfParts)),
    ]),
  ].join('\n');
}

function withoutClient(cpuOfParts: ReadonlyMap<string, number>): number {
  return [...cpuOfParts].reduce((sum, [name, us]) => sum + (name === 'load client' ? 0 : us), 0);
}
