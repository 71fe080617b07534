import type { InstalledProcess } from '../servers.ts';
import { startChasqui } from '../servers.ts';
import { becomesQuiet, type Held, heldBy } from './held.ts';

/** The start of a server, and what it holds before anybody has logged in. */
export interface Start {
  /** Of its data folder. */
  name: string;
  seconds: number;
  held: Held;
}

/** Errors: those of `startChasqui`. */
export async function startMeasured(
  name: string,
  dataDir?: string,
): Promise<{ server: InstalledProcess; start: Start }> {
  const startedAt = performance.now();
  const server = await startChasqui([], {}, dataDir);
  const seconds = (performance.now() - startedAt) / 1_000;
  await becomesQuiet(server);
  return { server, start: { name, seconds, held: await heldBy(server) } };
}
