import type { EmbeddedBus } from './bus/embedded-bus.ts';
import type { WorkerChannel } from './channel/worker-channel.ts';
import type { SearchOperations } from './search/search-operations.ts';
import type { StoreOperations } from './stores/store-operations.ts';

/** The inner side of the embedded engines: how calls reach their worker threads. */
export interface EngineWays {
  stores: WorkerChannel<StoreOperations>;
  search: WorkerChannel<SearchOperations>;
  hub: EmbeddedBus;
}

/** Not for apps: serving and tests use it. */
export const WAYS = Symbol('ways');
