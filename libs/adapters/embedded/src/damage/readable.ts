import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDamage, openingFault } from '../sqlite/file-faults.ts';
import { measure } from './folder-record.ts';

/** Larger files are not copied for the check: they count as unreadable. */
const COPIED_BYTES = 512 * 1024 ** 2;

/**
 * Whether SQLite can read a whole file with its write-ahead log; the log is checkpointed into the file. Errors:
 * `config_invalid` when the file cannot be used at all.
 */
export function isReadable(path: string): boolean {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    return db.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok';
  } catch (error) {
    if (isDamage(error)) return false;
    throw openingFault(path, error);
  } finally {
    db?.close();
  }
}

/**
 * As `isReadable`, on a copy, so that the file stays unchanged: a young server's log may hold everything that was cut
 * off.
 */
export async function isReadableCopy(path: string, bytes: number): Promise<boolean> {
  const log = await measure(`${path}-wal`);
  if (log === null || bytes + log.bytes > COPIED_BYTES) return false;
  const folder = await mkdtemp(join(dirname(path), 'looked-at-'));
  try {
    const copy = join(folder, 'copy.db');
    await copyFile(path, copy);
    await copyFile(`${path}-wal`, `${copy}-wal`);
    return isReadable(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
