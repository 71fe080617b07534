import { existsSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isDamage, openingFault } from './file-faults.ts';

/**
 * The version of a file's schema, with what its write-ahead log holds; 0 for an absent, empty or damaged file. Reading
 * alone never moves the log into the file, but it creates the files beside it that are absent: they are removed again.
 * Errors: `config_invalid` for a file that cannot be used.
 */
export function versionOf(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return 0;
  const created = [`${path}-wal`, `${path}-shm`].filter((beside) => !existsSync(beside));
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    return Number(db.prepare('PRAGMA user_version').get()?.user_version);
  } catch (error) {
    if (isDamage(error)) return 0;
    throw openingFault(path, error);
  } finally {
    db?.close();
    for (const beside of created) rmSync(beside, { force: true });
  }
}
