import { openSearchEngine } from '../search/search-engine.ts';
import type { StoreData } from '../stores/store-context.ts';
import { openStoreEngine } from '../stores/store-engine.ts';
import { runEngineWorker } from '../worker-link/engine-worker.ts';

/** A worker whose file turns out to be damaged when it is told so: SQLite's own error, as a bad page read late would give. */
runEngineWorker('store_unavailable', (data: StoreData) => {
  const engine = data.path.endsWith('search.db') ? openSearchEngine(data) : openStoreEngine(data);
  return {
    ...engine,
    handlers: {
      ...engine.handlers,
      'test.damage'() {
        throw Object.assign(new Error('database disk image is malformed'), { errcode: 11 });
      },
    },
  };
});
