import { join } from 'node:path';
import { SEARCH_FILE } from '../damage/check-folder.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { WorkerData } from '../worker-link/engine-worker.ts';
import { WorkerLink } from '../worker-link/worker-link.ts';
import type { SearchData, SearchState } from './search-engine.ts';
import type { SearchOperations } from './search-operations.ts';

/** Opens `search.db` in the data folder. Errors: as `WorkerLink.open`. */
export function openSearch(parts: EngineParts): Promise<WorkerLink<SearchOperations>> {
  const { dataDir, clock, random, logger, marks = {}, forget = false } = parts;
  const data: SearchData & WorkerData = { path: join(dataDir, SEARCH_FILE), forget };
  return WorkerLink.open<SearchOperations, SearchState>({
    name: 'search',
    entry: new URL('./search-worker.ts', import.meta.url),
    data,
    unavailable: 'search_unavailable',
    clock,
    random,
    logger,
    marks,
    opened({ replaced }) {
      if (replaced !== null) logger.error({ replaced }, 'the search index was damaged and is being rebuilt');
    },
  });
}
