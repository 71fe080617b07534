import type { Told } from '../sqlite/database.ts';
import type { Handlers } from '../worker-link/caller.ts';
import type { WorkerEngine } from '../worker-link/engine-worker.ts';
import { Generations } from './generations.ts';
import { openSearchFile, removeSearchFile } from './search-file.ts';
import type { SearchOperations } from './search-operations.ts';

export interface SearchData {
  path: string;
}

/** What the caller's side learns when the index is open. */
export interface SearchState {
  /** Why the former file was discarded; null: it was kept. */
  replaced: string | null;
}

/** Full-text search over messages. */
export function openSearchEngine({ path }: SearchData, told?: Told): WorkerEngine {
  const { db, replaced, generations: opened } = openSearchFile(path, told);
  let generations = opened;
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
    'search.resume': (_, now) => generations.resume(now),
    'search.reached'({ rebuild, cursor }, now) {
      generations.reached(rebuild, cursor, now);
      return null;
    },
    'search.rebuildDue': (_, now) => generations.isDue(now),
    'search.rebuildLater'(_, now) {
      generations.rebuildLater(now);
      return null;
    },
    'search.fill': ({ rebuild, rows }, now) => generations.building(rebuild, now).write(rows),
    'search.commit'(rebuild, now) {
      generations.commit(rebuild, now);
      return null;
    },
    'search.drop'(rebuild) {
      generations.drop(rebuild);
      return null;
    },
  };
  return {
    db,
    state: { replaced } satisfies SearchState,
    // Few large commits: each costs a disk sync and half a millisecond of CPU.
    paceMs: 250,
    paced: new Set<keyof SearchOperations>(['search.index', 'search.remove']),
    pacedAtMost: 8,
    handlers,
    beforeCommit: () => generations.save(),
    afterRollback() {
      generations = new Generations(db);
    },
    // The next opening recreates the file.
    giveUpDamaged: () => removeSearchFile(path),
  };
}
