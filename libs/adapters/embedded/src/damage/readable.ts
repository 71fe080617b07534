import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDamage, openingFault } from '../sqlite/file-faults.ts';
import { measure } from './folder-record.ts';

/** A larger file is not copied to be looked at: it counts as one that cannot be read. */
const COPIED_BYTES = 512 * 1024 ** 2;

/**
 * Whether SQLite can read a file, which is read through, with the log beside it; the log is checkpointed into it. Errors:
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

/** The same of a copy, so that the file stays as it is: a young server's log may hold all that was cut off. */
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
