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

/** Nodes are added where users are: as many to each. */
const PAIRS_PER_NODE = 50;

/** The same loads on the engines of this machine, which `npm run engines:up` has started. */
export async function benchOnEngines({ command, size, nodes, say }: EnginesBenchOptions): Promise<string> {
  const reports: NodesReport[] = [];
  for (const [index, connect] of nodes.entries()) {
    say(`${connect} Connect nodes on the real engines`);
    await using contender = await startOnEngines(connect);
    const isFirst = index === 0;
    const own = { ...size, pairs: connect * PAIRS_PER_NODE, rates: isFirst ? size.rates : [] };
    const results = await runPhases(contender, own);
    const overload = isFirst ? await runOverload(contender, results, own) : undefined;
    reports.push({ connect, results, ...(overload === undefined ? {} : { overload }) });
  }
  const sections = reports.map((report) => section({ ...report, name: nameOf(report) }));
  const cores = 'all processes, the engines and the load client on the same cores';
  return `${[heading(command, cores), ...sections, costTable(reports)].join('\n\n')}\n`;
}

function nameOf({ connect }: NodesReport): string {
  const nodes = `${connect} Connect ${connect === 1 ? 'node' : 'nodes'}`;
  return `${nodes}, Business, DataSync, Push and API; ${connect * PAIRS_PER_NODE} pairs`;
}
