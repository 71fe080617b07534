import { LoadCrowd, type LoadMode, modeName } from '@chasqui/app-cli/load';
import { type Measured, measure } from '../measured.ts';
import type { BenchSize } from '../phases.ts';
import { PAIRS_PER_NODE, startOnEngines } from './contender.ts';

/** One load on one number of Connect nodes, several times. */
export interface Scaled {
  connect: number;
  inFlight: number;
  runs: Measured[];
}

/** What each process compiles in its first seconds is not what a message costs, and four share what one is given. */
const WARM_UPS = 4;
const RUNS = 2;

export interface ScalingOptions {
  size: BenchSize;
  /** How many Connect nodes, the fewest first. */
  nodes: readonly number[];
  say(text: string): void;
}

/**
 * The closed loads on clusters of several sizes, partners on different nodes. Up and down again, because the engines
 * change as they work: so their age is the same for each on average.
 */
export async function measureScaling({ size, nodes, say }: ScalingOptions): Promise<Scaled[]> {
  const all = nodes.flatMap((connect) => size.inFlight.map((inFlight): Scaled => ({ connect, inFlight, runs: [] })));
  for (const connect of [...nodes, ...nodes.toReversed()]) {
    say(`${connect} Connect nodes, warm`);
    await measureOn(
      size,
      all.filter((scaled) => scaled.connect === connect),
    );
  }
  return all;
}

async function measureOn({ inFlight, seconds, warmUpSeconds }: BenchSize, loads: readonly Scaled[]): Promise<void> {
  const [{ connect } = { connect: 1 }] = loads;
  await using contender = await startOnEngines(connect);
  const { process: server, target, steps } = contender;
  using crowd = await LoadCrowd.open(target, { name: 'bench', pairs: connect * PAIRS_PER_NODE });
  const closed = (each: number): LoadMode => ({ kind: 'closed', inFlight: each });
  const warmUp = { mode: closed(Math.max(...inFlight)), seconds: WARM_UPS * warmUpSeconds, steps, sharesCores: true };
  await measure(server, crowd, warmUp);
  for (let run = 0; run < RUNS; run++) {
    for (const { inFlight: each, runs } of loads) {
      const result = await measure(server, crowd, { mode: closed(each), seconds, steps, sharesCores: true });
      process.stderr.write(`  ${modeName(result.plan.mode)}: ${Math.round(result.throughput)} done/s\n`);
      runs.push(result);
    }
  }
}
