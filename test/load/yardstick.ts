import { loadavg } from 'node:os';
import { LoadCrowd, runLoad } from '@chasqui/app-cli/load';
import { startRelay } from './servers.ts';

const PAIRS = 100;
const IN_FLIGHT = 8;
const SECONDS = { warmUp: 1, measured: 2 };

/** What the machine is worth at the moment: records of different machines and hours compare by it. */
export interface Yardstick {
  /** CPU µs of the bare relay for a message, 800 of them in flight. */
  relayUs: number;
  loadAverage: number;
}

/** Starts the bare relay and measures it, in a few seconds. */
export async function measureYardstick(): Promise<Yardstick> {
  const [loadAverage = 0] = loadavg();
  await using relay = await startRelay({ log: false });
  using crowd = await LoadCrowd.open(relay.target, { name: 'yardstick', pairs: PAIRS });
  const run = (seconds: number) =>
    runLoad(crowd, { mode: { kind: 'closed', inFlight: IN_FLIGHT }, seconds, stages: relay.stages });
  await run(SECONDS.warmUp);
  const before = relay.process.use().cpuUs;
  const { tally } = await run(SECONDS.measured);
  return { relayUs: (relay.process.use().cpuUs - before) / Math.max(1, tally.done), loadAverage };
}

/** `all`: measured before and after what it stands beside. */
export function yardstickText(all: readonly Yardstick[]): string {
  const figures = (of: (one: Yardstick) => number) => all.map((one) => of(one).toFixed(1)).join(' and ');
  return `Bare relay, before and after: ${figures(({ relayUs }) => relayUs)} µs a message; load average ${figures(({ loadAverage }) => loadAverage)}.`;
}
