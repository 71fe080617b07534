import type { EmbeddedBus } from './bus/embedded-bus.ts';
import type { LogOperations, LogState } from './bus/log-operations.ts';
import type { SearchOperations } from './search/search-operations.ts';
import type { StoreOperations } from './stores/store-operations.ts';
import type { WorkerLink } from './worker-link/worker-link.ts';

/** The internals of the embedded engines: how calls reach their worker threads. */
export interface EngineInternals {
  stores: WorkerLink<StoreOperations>;
  search: WorkerLink<SearchOperations>;
  hub: EmbeddedBus;
  log: WorkerLink<LogOperations, LogState>;
}

/** Not for apps: for the engine host and tests. */
export const INTERNALS = Symbol('internals');
