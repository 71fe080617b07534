import { type LoadCrowd, type LoadPlan, type LoadResult, runLoad } from '@chasqui/app-cli/load';
import { type Part, type UsedByPart, usedBetween, type Watched } from './watched.ts';

/** What a message costs. */
export interface Costs {
  /** CPU µs for each message done, all threads, by part. */
  cpuOfParts: ReadonlyMap<string, number>;
  /** CPU seconds of our parts for each million completed messages. */
  cpuPerMillion: number;
}

/** A run, with the resources that the server used for it. */
export interface Measured extends LoadResult, Costs {
  /**
   * The cores that our parts got. If a part pinned to one core has well below 1 at its limit, other processes had it.
   */
  coreShare: number;
  /** Resident memory of our parts, in MB. */
  residentMb: { before: number; after: number };
  /** Time until search had caught up, after all was settled; absent: there is no search, or it was not measured. */
  searchMs?: number;
}

export async function measure(server: Watched, crowd: LoadCrowd, plan: LoadPlan): Promise<Measured> {
  const before = server.parts();
  const startedAt = performance.now();
  const result = await runLoad(crowd, plan);
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = server.parts();
  const done = Math.max(1, result.tally.done);
  const costs = costsOf(usedBetween(before, after), done);
  return {
    ...result,
    ...costs,
    coreShare: (costs.cpuPerMillion * done) / 1e6 / seconds,
    residentMb: { before: residentOf(before), after: residentOf(after) },
  };
}

/** Of each of `count` things, for which the parts used this. */
export function costsOf(used: UsedByPart, count: number): Costs {
  const ours = [...used.values()].reduce((sum, { isOurs, cpuUs }) => sum + (isOurs ? cpuUs : 0), 0);
  const cpuOfParts = new Map([...used].map(([name, { cpuUs }]) => [name, cpuUs / count]));
  return { cpuOfParts, cpuPerMillion: ours / count };
}

/** Memory of our parts, in MB. */
export const residentMb = (server: Watched): number => residentOf(server.parts());

function residentOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { isOurs, residentMb }) => sum + (isOurs ? residentMb : 0), 0);
}
