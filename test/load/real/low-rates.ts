import { setTimeout as pause } from 'node:timers/promises';
import { LoadCrowd, type LoadMode } from '@chasqui/app-cli/load';
import type { EngineSet } from '../../../deploy/engines/local-engines.ts';
import { closed, runLoads } from '../phases.ts';
import { heading, section } from '../report.ts';
import { usedBetween } from '../watched.ts';
import { measureYardstick, yardstickText } from '../yardstick.ts';
import { PAIRS_PER_NODE, startOnEngines } from './contender.ts';
import { costTable } from './cost-table.ts';
import { idleTable } from './idle-table.ts';

export interface LowRatesOptions {
  command: string;
  set: EngineSet;
  /** Of each load. */
  seconds: number;
  say(text: string): void;
}

/** The shape of `npm run cluster`, with its settings. */
const SHAPE = { connect: 3, business: 2 };
/** From the start to the first load, ms: what a newcomer sees, before the processes have compiled what they run. */
const AFTER_START_MS = 60_000;
const RATES = [500, 1_000];
const IN_FLIGHT = 32;

/** What a cluster costs as it comes, one minute after its start: while nobody sends, at low rates, and at its limit. */
export async function benchLowRates({ command, set, seconds, say }: LowRatesOptions): Promise<string> {
  const before = await measureYardstick();
  say(`${SHAPE.connect} Connect nodes and ${SHAPE.business} Business on the ${set} engines`);
  await using contender = await startOnEngines({ set, ...SHAPE });
  using crowd = await LoadCrowd.open(contender.target, { name: 'bench', pairs: SHAPE.connect * PAIRS_PER_NODE });
  await pause(AFTER_START_MS - seconds * 1_000);
  const idleFrom = contender.process.parts();
  await pause(seconds * 1_000);
  const idle = usedBetween(idleFrom, contender.process.parts());
  const modes = [...RATES.map((rate): LoadMode => ({ kind: 'open', rate })), closed(IN_FLIGHT)];
  const results = await runLoads(contender, crowd, modes, { seconds, sharesCores: true });
  const name = `${SHAPE.connect} Connect nodes, ${SHAPE.business} Business, DataSync, Push, Hooks and API; ${crowd.pairs.length} pairs`;
  const parts = [
    heading(command, 'all processes, the engines and the load client on the same cores'),
    yardstickText([before, await measureYardstick()]),
    section({ name, results }),
    costTable(results),
    idleTable(idle, seconds, contender.process.parts()),
  ];
  return `${parts.join('\n\n')}\n`;
}
