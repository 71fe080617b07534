import { join } from 'node:path';
import { WorkerChannel } from '../channel/worker-channel.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { SearchData } from './search-engine.ts';
import type { SearchOperations } from './search-operations.ts';

/** Opens `search.db` in the data folder. Errors: as `WorkerChannel.open`. */
export function openSearch({ dataDir, clock, random, logger }: EngineParts): Promise<WorkerChannel<SearchOperations>> {
  return WorkerChannel.open<SearchOperations>({
    name: 'search',
    entry: new URL('./search-worker.ts', import.meta.url),
    data: { path: join(dataDir, 'search.db') } satisfies SearchData,
    ...{ unavailable: 'search_unavailable', clock, random, logger },
  });
}
