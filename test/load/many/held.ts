import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { residentMb } from '../measured.ts';
import type { InstalledProcess } from '../servers.ts';

/** What a server holds, in MB. */
export interface Held {
  resident: number;
  /** The heap of its main thread. */
  heap: number;
  /** Its data folder, as the disk counts it. */
  folder: number;
}

const LOOK_MS = 500;
/** The share of a core below which a server counts as quiet. */
const QUIET = 0.1;
const PATIENCE_MS = 60_000;

export async function heldBy(server: Pick<InstalledProcess, 'api' | 'dataDir' | 'process'>): Promise<Held> {
  const metrics = await (await fetch(`${server.api}/metrics`)).text();
  const heap = Number(/^nodejs_heap_size_used_bytes\S* (\S+)/m.exec(metrics)?.[1]) / 2 ** 20;
  return { resident: residentMb(server.process), heap, folder: await folderMb(server.dataDir) };
}

/** Resolves when a server has finished what follows a load (indexing, receipts), or after a minute. */
export async function becomesQuiet({ process: server }: Pick<InstalledProcess, 'process'>): Promise<void> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < PATIENCE_MS) {
    const before = server.use().cpuUs;
    await pause(LOOK_MS);
    if (server.use().cpuUs - before < QUIET * LOOK_MS * 1_000) return;
  }
}

async function folderMb(dir: string): Promise<number> {
  const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).blocks * 512);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 2 ** 20;
}
