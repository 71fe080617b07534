import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { STORE_FILE } from '../damage/check-folder.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { WorkerData } from '../worker-link/engine-worker.ts';
import { WorkerLink } from '../worker-link/worker-link.ts';
import type { StoreData } from './store-context.ts';
import type { StoreOperations } from './store-operations.ts';

export interface StoreOptions {
  /** Resends within this many ms find their first message id (C4). Default 30 days. */
  dedupWindowMs?: number;
  /**
   * How much may be committed but not yet flushed into its tables: characters of the journal (default 8 000 000) and
   * messages (default 20 000). Bounds memory, and the duration of opening.
   */
  flushAt?: StoreData['flushAt'];
  /** Default `never`. */
  renew?: StoreData['renew'];
}

const FLUSH_AT = { journalCharacters: 8_000_000, messages: 20_000 };

/** Opens `store.db` in the data folder. Errors: as `WorkerLink.open`. */
export function openStores(parts: EngineParts, options: StoreOptions): Promise<WorkerLink<StoreOperations>> {
  const { dataDir, clock, random, logger, marks = {}, forget = false } = parts;
  const { dedupWindowMs = DEFAULT_LIMITS.dedupWindowMs, flushAt = FLUSH_AT, renew = 'never' } = options;
  const tag = Math.floor(random() * 2 ** 32);
  const epoch = `${clock.now().toString(36)}-${tag.toString(36)}`;
  const data: StoreData & WorkerData = {
    path: join(dataDir, STORE_FILE),
    dedupWindowMs,
    epoch,
    flushAt,
    forget,
    renew: forget ? 'always' : renew,
  };
  return WorkerLink.open<StoreOperations>({
    name: 'stores',
    entry: new URL('./store-worker.ts', import.meta.url),
    data,
    unavailable: 'store_unavailable',
    clock,
    random,
    logger,
    marks,
  });
}
