import { setTimeout as pause } from 'node:timers/promises';
import { WITH_GROUP_LIMITS } from '../groups/limits.ts';
import { benchSizes, type SizeRow } from '../groups/sizes.ts';
import { rowOf, sizeTable } from '../groups/table.ts';
import { machineLine } from '../report.ts';
import { usedBetween } from '../watched.ts';
import { measureYardstick, yardstickText } from '../yardstick.ts';
import { FEW_SHARDS, startOnEngines } from './contender.ts';
import { bytesTable, framesText, groupCostTable, type Quiet } from './group-tables.ts';

export interface EnginesGroupsOptions {
  command: string;
  /** Members of the groups, ascending. */
  sizes: readonly number[];
  /** Of each load. */
  seconds: number;
  say(text: string): void;
}

const CONNECT = 2;
/** As many as keep the engines busy: a message waits for several batches. */
const IN_FLIGHT = 256;
/** Two nodes and five engines compile as they work. */
const WARM_UPS = 3;

/** Groups of several sizes on the engines of this machine, which `npm run engines:up` has started. */
export async function benchGroupsOnEngines(options: EnginesGroupsOptions): Promise<string> {
  const before = await measureYardstick();
  const { quiet, rows } = await benchCluster(options);
  const cores = 'all processes, the engines and the load client on the same cores';
  const parts = [
    machineLine(options.command, cores),
    yardstickText([before, await measureYardstick()]),
    `${CONNECT} Connect nodes; up to 200 members online, half of them on each node; ${IN_FLIGHT} messages in flight.`,
    sizeTable(rows),
    framesText(rows),
    groupCostTable(quiet, rows),
    bytesTable(quiet, rows),
  ];
  return `${parts.join('\n\n')}\n`;
}

async function benchCluster({ sizes, seconds, say }: EnginesGroupsOptions): Promise<{ quiet: Quiet; rows: SizeRow[] }> {
  say(`${CONNECT} Connect nodes on the real engines`);
  await using contender = await startOnEngines({
    set: 'large',
    connect: CONNECT,
    env: { ...FEW_SHARDS, ...WITH_GROUP_LIMITS },
  });
  const done = (row: SizeRow) => say(rowOf(row).join(' | '));
  const rows = await benchSizes(contender, { sizes, seconds, inFlight: IN_FLIGHT, warmUps: WARM_UPS, say, done });
  const before = contender.process.parts();
  await pause(seconds * 1_000);
  return { rows, quiet: { seconds, used: usedBetween(before, contender.process.parts()) } };
}
