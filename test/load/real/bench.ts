import { type BenchSize, runOverload, runPhases } from '../phases.ts';
import { heading, section } from '../report.ts';
import { PAIRS_PER_NODE, startOnEngines } from './contender.ts';
import { costTable, scalingTable } from './cost-table.ts';
import { measureScaling } from './scaling.ts';

export interface EnginesBenchOptions {
  command: string;
  size: BenchSize;
  /** The numbers of Connect nodes for which the cost of a message is compared, ascending. */
  nodes: readonly number[];
  say(text: string): void;
}

/** The cluster that runs every load. */
const CONNECT = 2;

/** The same loads on the engines of this machine, which `npm run engines:up` has started. */
export async function benchOnEngines({ command, size, nodes, say }: EnginesBenchOptions): Promise<string> {
  const whole = await benchCluster({ ...size, pairs: CONNECT * PAIRS_PER_NODE }, say);
  const scaled = await measureScaling({ size, nodes, say });
  const cores = 'all processes, the engines and the load client on the same cores';
  return `${[heading(command, cores), whole, scalingTable(scaled)].join('\n\n')}\n`;
}

async function benchCluster(size: BenchSize, say: EnginesBenchOptions['say']): Promise<string> {
  say(`${CONNECT} Connect nodes on the real engines`);
  await using contender = await startOnEngines(CONNECT);
  const results = await runPhases(contender, size);
  say('beyond their limit');
  const overload = await runOverload(contender, results, size);
  const name = `${CONNECT} Connect nodes, Business, DataSync, Push and API; ${size.pairs} pairs`;
  return [section({ name, results, overload }), costTable(results)].join('\n\n');
}
