import type { EngineSet } from '../../../deploy/engines/local-engines.ts';
import { type BenchSize, runOverload, runPhases } from '../phases.ts';
import { heading, section } from '../report.ts';
import { FEW_SHARDS, PAIRS_PER_NODE, startOnEngines } from './contender.ts';
import { costTable, scalingTable } from './cost-table.ts';
import { measureScaling } from './scaling.ts';

export interface EnginesBenchOptions {
  command: string;
  size: BenchSize;
  set: EngineSet;
  /** The numbers of Connect nodes for which the cost of a message is compared, ascending. */
  nodes: readonly number[];
  say(text: string): void;
}

/** The cluster that runs every load. */
const CONNECT = 2;

/** The same loads on the engines of this machine, which `npm run engines:up` has started. */
export async function benchOnEngines({ command, size, set, nodes, say }: EnginesBenchOptions): Promise<string> {
  const whole = await benchCluster({ ...size, pairs: CONNECT * PAIRS_PER_NODE }, set, say);
  const scaled = await measureScaling({ size, set, nodes, say });
  const cores = 'all processes, the engines and the load client on the same cores';
  return `${[heading(command, cores), whole, scalingTable(scaled)].join('\n\n')}\n`;
}

async function benchCluster(size: BenchSize, set: EngineSet, say: EnginesBenchOptions['say']): Promise<string> {
  say(`${CONNECT} Connect nodes on the ${set} engines`);
  await using contender = await startOnEngines({ set, connect: CONNECT, env: FEW_SHARDS });
  const results = await runPhases(contender, size);
  say('beyond their limit');
  const overload = await runOverload(contender, results, size);
  const name = `${CONNECT} Connect nodes, Business, DataSync, Push and API; ${size.pairs} pairs`;
  return [section({ name, results, overload }), costTable(results)].join('\n\n');
}
