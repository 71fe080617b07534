import type { Measured } from '../measured.ts';
import { type BenchSize, type Overload, runOverload, runPhases } from '../phases.ts';
import { heading, section } from '../report.ts';
import { startOnEngines } from './contender.ts';
import { costTable } from './cost-table.ts';

export interface EnginesBenchOptions {
  command: string;
  size: BenchSize;
  /** How many Connect nodes, in the order in which they are measured; the first is given every load. */
  nodes: readonly number[];
  say(text: string): void;
}

/** What one number of Connect nodes came to. */
export interface NodesReport {
  connect: number;
  results: readonly Measured[];
  overload?: Overload;
}

/** The rate at which nodes are compared: every size of cluster must be able to do it. */
const COMPARED_RATE = 1_000;

/** The same loads on the engines of this machine, which `npm run engines:up` has started. */
export async function benchOnEngines({ command, size, nodes, say }: EnginesBenchOptions): Promise<string> {
  const reports: NodesReport[] = [];
  for (const [index, connect] of nodes.entries()) {
    say(`${connect} Connect nodes on the real engines`);
    await using contender = await startOnEngines(connect);
    const isFirst = index === 0;
    const rates = isFirst ? size.rates : [COMPARED_RATE];
    const results = await runPhases(contender, { ...size, rates });
    const overload = isFirst ? await runOverload(contender, results[0]?.throughput ?? 0, size) : undefined;
    reports.push({ connect, results, ...(overload === undefined ? {} : { overload }) });
  }
  const sections = reports.map((report) => section({ ...report, name: nameOf(report) }));
  const cores = 'all processes, the engines and the load client on the same cores';
  return `${[heading(command, cores), ...sections, costTable(reports)].join('\n\n')}\n`;
}

function nameOf({ connect }: NodesReport): string {
  return `${connect} Connect ${connect === 1 ? 'node' : 'nodes'}, Business, DataSync, Push and API`;
}
