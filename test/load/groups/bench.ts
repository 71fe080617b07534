import { pinSelf } from '../pinned.ts';
import { machineLine } from '../report.ts';
import { startWithLimits } from '../servers.ts';
import { measureYardstick, yardstickText } from '../yardstick.ts';
import { besideText, directBesideGroup } from './direct-beside.ts';
import { GROUP_LIMITS } from './limits.ts';
import { GROUPS, type LogInCost, measureLogIns } from './log-ins.ts';
import { benchSizes, type SizeRow } from './sizes.ts';
import { rowOf, sizeTable, whole } from './table.ts';

export interface GroupsBenchOptions {
  command: string;
  /** Members of the groups, ascending. */
  sizes: readonly number[];
  /** Of each load. */
  seconds: number;
  /** Pairs of quiet and busy times of a direct chat beside a hot group. */
  turns: number;
  say(text: string): void;
}

const CROWDED = { size: 10_000, online: 2_000 };
const IN_FLIGHT = 64;

/** What groups of several sizes cost, what a hot one does to a direct chat beside it, and what log-ins cost. */
export async function benchGroups({ command, sizes, seconds, turns, say }: GroupsBenchOptions): Promise<string> {
  pinSelf(1);
  const before = await measureYardstick();
  say(yardstickText([before]));
  const rows = await benchOnOneServer({ sizes, seconds, say });
  const beside = besideText(await directBesideGroup({ turns, seconds: Math.min(seconds, 6) }));
  say(beside);
  const logIns = logInText(await measureLogIns());
  say(logIns);
  const after = await measureYardstick();
  const cores = 'server on core 0, everybody else on core 1';
  const parts = [machineLine(command, cores), yardstickText([before, after]), sizeTable(rows), beside, logIns];
  return `${parts.join('\n\n')}\n`;
}

async function benchOnOneServer(options: Pick<GroupsBenchOptions, 'sizes' | 'seconds' | 'say'>): Promise<SizeRow[]> {
  await using server = await startWithLimits(GROUP_LIMITS);
  const done = (row: SizeRow) => options.say(rowOf(row).join(' | '));
  return await benchSizes(server, { ...options, crowded: CROWDED, inFlight: IN_FLIGHT, warmUps: 1, done });
}

function logInText({ none, quiet, fresh }: LogInCost): string {
  return (
    `CPU µs of a log-in and a log-out: of a user without groups ${whole(none)}, of a user of ${whole(GROUPS)} quiet groups ${whole(quiet)}, ` +
    `of the same user with a new device, which gets its first page of groups, ${whole(fresh)}.`
  );
}
