import { type LoadCrowd, type LoadPlan, type LoadResult, runLoad } from '@chasqui/app-cli/load';
import type { ServerProcess } from './server-process.ts';

/** CPU seconds per million messages. */
const LEAST_NAMED = 1;

/** A run, with what the server spent on it. */
export interface Measured extends LoadResult {
  /** Server CPU seconds per million messages done, all threads. */
  cpuPerMillion: number;
  /** The same by thread, of those that have a share worth naming. */
  threads: ReadonlyMap<string, number>;
  /** The share of one core that the server got. Well below 1 at its limit: others had the core. */
  coreShare: number;
  residentMb: { before: number; after: number };
}

export async function measure(server: ServerProcess, crowd: LoadCrowd, plan: LoadPlan): Promise<Measured> {
  const before = server.residentMb();
  const cpuBefore = server.cpuSeconds();
  const threadsBefore = server.cpuByThread();
  const startedAt = performance.now();
  const result = await runLoad(crowd, plan);
  const cpuS = server.cpuSeconds() - cpuBefore;
  const perMillion = 1e6 / Math.max(1, result.ledger.done);
  const threads = [...server.cpuByThread()]
    .map(([name, seconds]) => [name, (seconds - (threadsBefore.get(name) ?? 0)) * perMillion] as const)
    .filter(([, seconds]) => seconds >= LEAST_NAMED)
    .sort(([, a], [, b]) => b - a);
  return {
    ...result,
    cpuPerMillion: cpuS * perMillion,
    threads: new Map(threads),
    coreShare: cpuS / ((performance.now() - startedAt) / 1_000),
    residentMb: { before, after: server.residentMb() },
  };
}
