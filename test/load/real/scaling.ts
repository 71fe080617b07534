import { LoadCrowd } from '@chasqui/app-cli/load';
import type { EngineSet } from '../../../deploy/engines/local-engines.ts';
import { type Measured, measure } from '../measured.ts';
import { type BenchSize, closed, runLoads } from '../phases.ts';
import { FEW_SHARDS, PAIRS_PER_NODE, type RealClusterOptions, startOnEngines } from './contender.ts';

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
  set: EngineSet;
  /** The numbers of Connect nodes, ascending. */
  nodes: readonly number[];
  say(text: string): void;
}

/**
 * The closed loads on clusters of several sizes, partners on different nodes. Sizes ascend and then descend, because
 * the engines change as they work: each size then sees engines of the same average age.
 */
export async function measureScaling({ size, set, nodes, say }: ScalingOptions): Promise<Scaled[]> {
  const all = nodes.flatMap((connect) => size.inFlight.map((inFlight): Scaled => ({ connect, inFlight, runs: [] })));
  for (const connect of [...nodes, ...nodes.toReversed()]) {
    say(`${connect} Connect nodes, warm`);
    const loads = all.filter((scaled) => scaled.connect === connect);
    await measureOn({ set, connect, env: FEW_SHARDS }, loads, { ...size, sharesCores: true });
  }
  return all;
}

async function measureOn(shape: RealClusterOptions, loads: readonly Scaled[], size: BenchSize): Promise<void> {
  await using contender = await startOnEngines(shape);
  const { process: server, target, stages } = contender;
  using crowd = await LoadCrowd.open(target, { name: 'bench', pairs: shape.connect * PAIRS_PER_NODE });
  const seconds = WARM_UPS * size.warmUpSeconds;
  await measure(server, crowd, { mode: closed(Math.max(...size.inFlight)), seconds, stages, sharesCores: true });
  const modes = loads.map(({ inFlight }) => closed(inFlight));
  for (let run = 0; run < RUNS; run++) {
    const results = await runLoads(contender, crowd, modes, size);
    for (const [index, { runs }] of loads.entries()) runs.push(results[index] as Measured);
  }
}
