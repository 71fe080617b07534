import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, ImError } from '@chasqui/domain';
import { BUS_FILE, STORE_FILE } from '../damage/check-folder.ts';
import type { SnapshotOfFile, SnapshotOperations } from '../sqlite/file-snapshot.ts';
import type { Caller } from '../worker-link/caller.ts';

/** How often a snapshot is renewed, in ms. */
const RENEW_MS = 10_000;

/** A file of the engines that does not change while it is read. */
export interface StillFile {
  /** Within the data folder. */
  name: string;
  path: string;
  bytes: number;
  /** Open for reading; closed by the source. */
  handle: FileHandle;
}

export interface BackupSource {
  /**
   * Calls `read` while the files of bus and store do not change, and the server works on. The bus's moment is before the
   * store's: work that the store's file lacks is still pending in the bus's. So every message that was acked before the
   * call is in one of them. Errors: `store_unavailable` or `bus_unavailable`, also when the files have changed before
   * `read` ended; `config_invalid` when `dataDir` is not the folder of these engines; and those of `read`.
   */
  whileStill<T>(dataDir: string, read: (files: readonly StillFile[]) => Promise<T>): Promise<T>;
}

interface Sources {
  log: Caller<SnapshotOperations>;
  stores: Caller<SnapshotOperations>;
  clock: Clock;
  /**
   * Present where the engines are in this process: handles to close after the engines. Closing any handle of a file gives
   * up the locks that the process has on it.
   */
  keptOpen?: FileHandle[];
}

interface Held extends SnapshotOfFile {
  source: Caller<SnapshotOperations>;
  file: StillFile;
}

/** See `BackupSource.whileStill`. */
export async function whileStill<T>(
  { log, stores, clock, keptOpen }: Sources,
  dataDir: string,
  read: (files: readonly StillFile[]) => Promise<T>,
): Promise<T> {
  const held: Held[] = [];
  const renew = () => Promise.all(held.map(({ source, id }) => source.call('snapshot.keep', id)));
  const timer = repeat(clock, () => void renew().catch(() => {}));
  try {
    for (const [source, name] of [
      [log, BUS_FILE],
      [stores, STORE_FILE],
    ] as const) {
      const snapshot = await source.call('snapshot.begin', null);
      const path = join(dataDir, name);
      const handle = await open(path);
      keptOpen?.push(handle);
      held.push({ ...snapshot, source, file: { name, path, bytes: snapshot.bytes, handle } });
      await requireSame(handle, snapshot, dataDir);
    }
    const result = await read(held.map(({ file }) => file));
    if (!(await end(held)).every(Boolean)) {
      const reason = 'it took too long, or another backup began: nothing was kept, try again';
      throw new ImError('store_unavailable', `the files changed while they were read (${reason})`);
    }
    return result;
  } catch (error) {
    await end(held).catch(() => {});
    throw error;
  } finally {
    timer.cancel();
    if (keptOpen === undefined) for (const { file } of held) await file.handle.close();
  }
}

function end(held: readonly Held[]): Promise<boolean[]> {
  return Promise.all(held.map(({ source, id }) => source.call('snapshot.end', id)));
}

async function requireSame(handle: FileHandle, { inode, bytes }: SnapshotOfFile, dataDir: string): Promise<void> {
  const found = await handle.stat();
  if (found.ino === inode && found.size === bytes) return;
  const message = `the running server has its files elsewhere than in ${dataDir}: name its data folder with --data`;
  throw new ImError('config_invalid', message, { field: 'dataDir' });
}

function repeat(clock: Clock, work: () => void): { cancel(): void } {
  let timer = clock.after(RENEW_MS, again);
  function again(): void {
    work();
    timer = clock.after(RENEW_MS, again);
  }
  return { cancel: () => timer.cancel() };
}
