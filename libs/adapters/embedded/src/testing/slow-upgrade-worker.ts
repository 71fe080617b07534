import { openDatabase } from '../sqlite/open-database.ts';
import { runEngineWorker } from '../worker-link/engine-worker.ts';

/** Upgrades its file, which lasts until `gate` is notified. */
runEngineWorker('engine_unavailable', ({ path, gate }: { path: string; gate: Int32Array }, told) => {
  const db = openDatabase({
    path,
    version: 2,
    schema: '',
    steps: [() => void Atomics.wait(gate, 0, 0)],
    cacheKiB: 100,
    told,
  });
  return { db, state: null, paceMs: 0, handlers: { ping: () => null } };
});
