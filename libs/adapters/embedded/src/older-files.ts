import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import { LOG_VERSION } from './bus/log-schema.ts';
import { BUS_FILE, SEARCH_FILE, STORE_FILE } from './damage/check-folder.ts';
import { SEARCH_VERSION } from './search/search-schema.ts';
import { versionOf } from './sqlite/file-version.ts';
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
    const found = versionOf(path);
    if (found === 0 || found >= version) continue;
    const message =
      `${path} was written by an older version (schema ${found}; this version has ${version}), and nothing was changed. ` +
      'Only the start of a server upgrades it, after which older versions cannot use it: first back it up with the version ' +
      'that wrote it, then start the server of this version once. Until then, use the commands of the version that wrote it';
    throw new ImError('config_invalid', message, { field: 'dataDir' });
  }
}
