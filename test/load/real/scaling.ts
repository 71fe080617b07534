import { LoadCrowd } from '@chasqui/app-cli/load';
import { type Measured, measure } from '../measured.ts';
import { type BenchSize, closed, runLoads } from '../phases.ts';
import { PAIRS_PER_NODE, startOnEngines } from './contender.ts';

/** One load on one number of Connect nodes, several times. */
export interface Scaled {
  connect: number;
  inFlight: number;
  runs: Measured[];
}

/** Warm-up loads: compilation at the start is not part of a message's cost, and four nodes share each load. */
const WARM_UPS = 4;
const RUNS = 2;

export interface ScalingOptions {
  size: BenchSize;
  /** The numbers of Connect nodes, ascending. */
  nodes: readonly number[];
  say(text: string): void;
}

/**
 * The closed loads on clusters of several sizes, partners on different nodes. Sizes ascend and then descend, because
 * the engines change as they work: each size then sees engines of the same average age.
 */
export async function measureScaling({ size, nodes, say }: ScalingOptions): Promise<Scaled[]> {
  const all = nodes.flatMap((connect) => size.inFlight.map((inFlight): Scaled => ({ connect, inFlight, runs: [] })));
  for (const connect of [...nodes, ...nodes.toReversed()]) {
    say(`${connect} Connect nodes, warm`);
    const loads = all.filter((scaled) => scaled.connect === connect);
    await measureOn(connect, loads, { ...size, sharesCores: true });
  }
  return all;
}

async function measureOn(connect: number, loads: readonly Scaled[], size: BenchSize): Promise<void> {
  await using contender = await startOnEngines(connect);
  const { process: server, target, stages } = contender;
  using crowd = await LoadCrowd.open(target, { name: 'bench', pairs: connect * PAIRS_PER_NODE });
  const seconds = WARM_UPS * size.warmUpSeconds;
  await measure(server, crowd, { mode: closed(Math.max(...size.inFlight)), seconds, stages, sharesCores: true });
  const modes = loads.map(({ inFlight }) => closed(inFlight));
  for (let run = 0; run < RUNS; run++) {
    const results = await runLoads(contender, crowd, modes, size);
    for (const [index, { runs }] of loads.entries()) runs.push(results[index] as Measured);
  }
}
