import { parentPort } from 'node:worker_threads';
import { openSearchEngine, type SearchData } from '../search/search-engine.ts';
import type { StoreData } from '../stores/store-context.ts';
import { runEngineWorker, type WorkerPort } from '../worker-link/engine-worker.ts';
import { openSpoilingStore } from './spoiling-store.ts';

/** What a reused thread is to serve. */
export interface ReusedStart extends WorkerPort {
  engine: keyof typeof ENGINES;
}

const ENGINES = {
  stores: (given: WorkerPort) => runEngineWorker<StoreData>('store_unavailable', openSpoilingStore, given),
  /** At full priority, and without pauses: the cases of a contract suite wait for each write. */
  search: (given: WorkerPort) =>
    runEngineWorker<SearchData>('search_unavailable', (data) => ({ ...openSearchEngine(data), paceMs: 0 }), given),
};

// One engine after the other, each in a folder of its own: loading the code anew takes longer than most cases.
parentPort?.on('message', ({ engine, port, data }: ReusedStart) => {
  ENGINES[engine]({ port, data });
  // It was refused.
  if (port.listenerCount('message') === 0) port.close();
});
