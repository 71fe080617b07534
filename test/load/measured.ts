import { type LoadCrowd, type LoadPlan, type LoadResult, runLoad } from '@chasqui/app-cli/load';
import type { ServerProcess } from './server-process.ts';

/** A run, with what the server spent on it. */
export interface Measured extends LoadResult {
  /** Server CPU seconds per million messages done, all threads. */
  cpuPerMillion: number;
  /** The share of one core that the server got. Well below 1 at its limit: others had the core. */
  coreShare: number;
  residentMb: { before: number; after: number };
}

export async function measure(server: ServerProcess, crowd: LoadCrowd, plan: LoadPlan): Promise<Measured> {
  const before = server.residentMb();
  const cpuBefore = server.cpuSeconds();
  const startedAt = performance.now();
  const result = await runLoad(crowd, plan);
  const cpuS = server.cpuSeconds() - cpuBefore;
  return {
    ...result,
    cpuPerMillion: (cpuS / Math.max(1, result.ledger.done)) * 1e6,
    coreShare: cpuS / ((performance.now() - startedAt) / 1_000),
    residentMb: { before, after: server.residentMb() },
  };
}
