import { type LoadCrowd, type LoadPlan, type LoadResult, runLoad } from '@chasqui/app-cli/load';
import type { Part, Watched } from './watched.ts';

/** A run, with the resources that the server used for it. */
export interface Measured extends LoadResult {
  /** CPU µs for each message done, all threads, by part. */
  cpuOfParts: ReadonlyMap<string, number>;
  /** CPU seconds of our parts for each million completed messages. */
  cpuPerMillion: number;
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
  const cpuS = ours(after, 'cpuSeconds') - ours(before, 'cpuSeconds');
  const [usedBefore, usedAfter] = [cpuByName(before), cpuByName(after)];
  const used = [...usedAfter].map(([name, s]) => [name, ((s - (usedBefore.get(name) ?? 0)) / done) * 1e6] as const);
  return {
    ...result,
    cpuOfParts: new Map(used),
    cpuPerMillion: (cpuS / done) * 1e6,
    coreShare: cpuS / seconds,
    residentMb: { before: ours(before, 'residentMb'), after: ours(after, 'residentMb') },
  };
}

/** Memory of our parts, in MB. */
export const residentMb = (server: Watched): number => ours(server.parts(), 'residentMb');

function ours(parts: readonly Part[], figure: 'cpuSeconds' | 'residentMb'): number {
  return parts.reduce((sum, part) => sum + (part.isOurs ? part[figure] : 0), 0);
}

function cpuByName(parts: readonly Part[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name, cpuSeconds } of parts) sums.set(name, (sums.get(name) ?? 0) + cpuSeconds);
  return sums;
}
