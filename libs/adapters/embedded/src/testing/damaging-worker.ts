import { openSearchEngine } from '../search/search-engine.ts';
import type { StoreData } from '../stores/store-context.ts';
import { openStoreEngine } from '../stores/store-engine.ts';
import { runEngineWorker } from '../worker-link/engine-worker.ts';

/** A worker whose file becomes damaged on request: with SQLite's own error, as from a bad page that is read late. */
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
