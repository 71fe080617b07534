import { Database } from '../sqlite/database.ts';
import type { Handlers } from '../worker-link/caller.ts';
import type { WorkerEngine } from '../worker-link/engine-worker.ts';
import { Generations, SEARCH_SCHEMA, SEARCH_VERSION } from './generations.ts';
import type { SearchOperations } from './search-operations.ts';

export interface SearchData {
  path: string;
}

/** Full-text search over messages. */
export function openSearchEngine({ path }: SearchData): WorkerEngine {
  const db = new Database({ path, version: SEARCH_VERSION, schema: SEARCH_SCHEMA, cacheKiB: 64 * 1024 });
  let generations = new Generations(db);
  const handlers: Handlers<SearchOperations> = {
    ping: () => null,
    'search.index'(rows) {
      const [reply] = generations.all().map((generation) => generation.write(rows));
      return reply ?? [];
    },
    'search.remove'(ids) {
      for (const generation of generations.all()) for (const id of ids) generation.remove(id);
      return null;
    },
    'search.search': (query) => generations.live.search(query),
    'search.rebuild': (_, now) => generations.start(now),
    'search.fill': ({ rebuild, rows }) => generations.building(rebuild).write(rows),
    'search.commit'(rebuild) {
      generations.commit(rebuild);
      return null;
    },
    'search.drop'(rebuild) {
      generations.drop(rebuild);
      return null;
    },
  };
  return {
    db,
    state: null,
    // Each commit of a full-text index makes one more segment that has to be merged: few and large ones cost half.
    paceMs: 250,
    paced: new Set<keyof SearchOperations>(['search.index', 'search.remove']),
    pacedAtMost: 8,
    handlers,
    afterRollback() {
      generations = new Generations(db);
    },
  };
}
