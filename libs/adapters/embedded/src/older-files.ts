import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ImError } from '@chasqui/domain';
import { LOG_VERSION } from './bus/log-schema.ts';
import { BUS_FILE, SEARCH_FILE, STORE_FILE } from './damage/check-folder.ts';
import { SEARCH_VERSION } from './search/search-schema.ts';
import { isDamage, openingFault } from './sqlite/file-faults.ts';
import { STORE_VERSION } from './stores/schema.ts';

/** The version of each file's schema. */
export const FILE_VERSIONS = { [STORE_FILE]: STORE_VERSION, [BUS_FILE]: LOG_VERSION, [SEARCH_FILE]: SEARCH_VERSION };

/**
 * Opening a file of an older version upgrades it, and older versions then refuse it. Only a server may do this: this
 * leaves the files unchanged. The caller holds the folder's lock. Errors: `config_invalid` when a file is of an older
 * version, or cannot be used.
 */
export function refuseOlderFiles(dataDir: string): void {
  for (const [file, version] of Object.entries(FILE_VERSIONS)) {
    const path = join(dataDir, file);
    const found = existsSync(path) ? versionOf(path) : 0;
    if (found === 0 || found >= version) continue;
    const message =
      `${path} was written by an older version (schema ${found}; this version has ${version}), and nothing was changed. ` +
      'Only the start of a server upgrades it, after which older versions cannot use it: first back it up with the version ' +
      'that wrote it, then start the server of this version once. Until then, use the commands of the version that wrote it';
    throw new ImError('config_invalid', message, { field: 'dataDir' });
  }
}

/**
 * The version of a file's schema, with what its write-ahead log holds; 0 for an empty or a damaged file. Reading alone
 * never moves the log into the file, but it creates the files beside it that are absent: they are removed again.
 */
function versionOf(path: string): number {
  if (statSync(path).size === 0) return 0;
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
