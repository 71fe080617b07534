import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { WorkerChannel } from '../channel/worker-channel.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { StoreData } from './store-context.ts';
import type { StoreOperations } from './store-operations.ts';

export interface StoreOptions {
  /** Resends within this many ms find their first message id (C4). Default 30 days. */
  dedupWindowMs?: number;
}

/** Opens `store.db` in the data folder. Errors: as `WorkerChannel.open`. */
export function openStores(parts: EngineParts, options: StoreOptions): Promise<WorkerChannel<StoreOperations>> {
  const { dataDir, clock, random, logger } = parts;
  const { dedupWindowMs = DEFAULT_LIMITS.dedupWindowMs } = options;
  const tag = Math.floor(random() * 2 ** 32);
  const epoch = `${clock.now().toString(36)}-${tag.toString(36)}`;
  return WorkerChannel.open<StoreOperations>({
    name: 'stores',
    entry: new URL('./store-worker.ts', import.meta.url),
    data: { path: join(dataDir, 'store.db'), dedupWindowMs, tag, epoch } satisfies StoreData,
    ...{ unavailable: 'store_unavailable', clock, random, logger },
  });
}
