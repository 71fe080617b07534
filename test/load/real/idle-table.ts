import { markdownTable } from '@chasqui/app-cli/load';
import { CLIENT, type Part, type UsedByPart } from '../watched.ts';

/** What each part costs while nobody sends, and the memory that it has after the loads. */
export function idleTable(idle: UsedByPart, seconds: number, after: readonly Part[]): string {
  const memory = new Map<string, number>();
  for (const { name, residentMb } of after) memory.set(name, (memory.get(name) ?? 0) + residentMb);
  const names = [...memory.keys()].filter((name) => name !== CLIENT);
  const sum = (figure: (name: string) => number) => names.reduce((total, name) => total + figure(name), 0);
  const cpuMs = (name: string) => (idle.get(name)?.cpuUs ?? 0) / seconds / 1_000;
  const mb = (name: string) => memory.get(name) ?? 0;
  return [
    '## What each part takes',
    '',
    'CPU in ms a second while nobody sends, and resident memory in MB after the loads.',
    '',
    markdownTable([
      ['part', 'idle, ms a second', 'memory, MB'],
      ...names.map((name) => [name, cpuMs(name).toFixed(1), mb(name).toFixed(0)]),
      ['all', sum(cpuMs).toFixed(1), sum(mb).toFixed(0)],
    ]),
  ].join('\n');
}
