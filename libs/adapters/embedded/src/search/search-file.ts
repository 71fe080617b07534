import { rmSync } from 'node:fs';
import { defined, ImError } from '@chasqui/domain';
import type { Database, Told } from '../sqlite/database.ts';
import { openingFault } from '../sqlite/file-faults.ts';
import { openDatabase } from '../sqlite/open-database.ts';
import { removeDraft } from '../sqlite/upgrade-draft.ts';
import { Generations } from './generations.ts';
import { SEARCH_SCHEMA, SEARCH_VERSION } from './search-schema.ts';
import { SEARCH_STEPS } from './upgrade.ts';

const CACHE_KIB = 16 * 1024;

export interface SearchFile {
  db: Database;
  generations: Generations;
  /** Why the former file was discarded; null: it was kept. */
  replaced: string | null;
}

/**
 * Opens the index. It holds nothing that the message store lacks: a damaged index is discarded and recreated, with a
 * rebuild due. Errors: those of `Database`, except for damage.
 */
export function openSearchFile(path: string, told?: Told): SearchFile {
  try {
    return { ...open(path, told), replaced: null };
  } catch (error) {
    if (!(error instanceof ImError) || error.code !== 'data_damaged') throw error;
    removeSearchFile(path);
    return { ...open(path), replaced: error.message };
  }
}

export function removeSearchFile(path: string): void {
  for (const name of [path, `${path}-wal`, `${path}-shm`]) rmSync(name, { force: true });
  removeDraft(path);
}

function open(path: string, told?: Told): Omit<SearchFile, 'replaced'> {
  const db = openDatabase({
    path,
    version: SEARCH_VERSION,
    schema: SEARCH_SCHEMA,
    steps: SEARCH_STEPS,
    cacheKiB: CACHE_KIB,
    ...defined({ told }),
  });
  try {
    return { db, generations: new Generations(db) };
  } catch (error) {
    db.close();
    throw openingFault(path, error);
  }
}
