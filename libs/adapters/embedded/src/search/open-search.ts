import { join } from 'node:path';
import type { EngineParts } from '../engine-parts.ts';
import { WorkerLink } from '../worker-link/worker-link.ts';
import type { SearchData } from './search-engine.ts';
import type { SearchOperations } from './search-operations.ts';

/** Opens `search.db` in the data folder. Errors: as `WorkerLink.open`. */
export function openSearch({ dataDir, clock, random, logger }: EngineParts): Promise<WorkerLink<SearchOperations>> {
  return WorkerLink.open<SearchOperations>({
    name: 'search',
    entry: new URL('./search-worker.ts', import.meta.url),
    data: { path: join(dataDir, 'search.db') } satisfies SearchData,
    ...{ unavailable: 'search_unavailable', clock, random, logger },
  });
}
