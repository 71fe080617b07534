import { openLogEngine } from '../bus/log-engine.ts';
import type { LogData } from '../bus/log-file.ts';
import type { StoreData } from '../stores/store-context.ts';
import { openStoreEngine } from '../stores/store-engine.ts';
import { runEngineWorker } from '../worker-link/engine-worker.ts';

/** An engine whose file refuses writes on request: SQLite refuses each with its own code, as on a full disk. */
runEngineWorker('engine_unavailable', (data: StoreData | LogData) => {
  const engine = 'shards' in data ? openLogEngine(data) : openStoreEngine(data);
  const { db } = engine;
  return {
    ...engine,
    handlers: {
      ...engine.handlers,
      'test.unwritable'(is: boolean) {
        db.exec(`PRAGMA query_only = ${is ? 1 : 0}`);
        return null;
      },
    },
  };
});
