import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { BUS_FILE } from './check-folder.ts';
import { measure } from './folder-record.ts';
import { isReadable } from './readable.ts';

/**
 * Renames an unreadable bus, with its write-ahead log, within the folder, so that a new one is created. Messages that
 * were queued and not yet stored are lost with it. Null: the bus is readable or absent. Errors: `config_invalid` when
 * the file cannot be used at all.
 */
export async function setAsideUnreadableBus(dataDir: string, now: number): Promise<string | null> {
  const path = join(dataDir, BUS_FILE);
  const bytes = (await measure(path))?.bytes ?? 0;
  if (bytes > 0 && isReadable(path)) return null;
  const to = join(dataDir, `damaged-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}-${BUS_FILE}`);
  let moved = 0;
  for (const end of ['', '-wal', '-shm']) {
    if ((await measure(path + end)) === null) continue;
    await rename(path + end, to + end);
    moved++;
  }
  return moved > 0 ? to : null;
}
