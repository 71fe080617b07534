import { ImError, type Random } from '@chasqui/domain';
import type { Progress, StoreProgress } from '@chasqui/ports';
import type { Database, Row } from '../engine/index.ts';
import { newEpoch, renameInboxes } from '../logs/log-epoch.ts';

const READ_ID = "SELECT value FROM meta WHERE name = 'epoch'";
/**
 * The rows stay locked until the transaction ends: if several processes find the store set back, only one sets the
 * epoch.
 */
const LOCK = "SELECT name, value FROM meta WHERE name IN ('epoch', 'progress') ORDER BY name FOR UPDATE";
const SAVE = "INSERT INTO meta (name, value) VALUES ('progress', ?) ON DUPLICATE KEY UPDATE value = VALUES(value)";
/** Other processes may write while this one does not: the progress still rises, but less often. Milliseconds. */
const IDLE_MS = 10_000;

/** See `StoreProgress`. Uses two rows of `meta`; writes only if this process wrote since, or after `IDLE_MS`. */
export function createStoreProgress(database: Database, random: Random): StoreProgress {
  const { clock } = database;
  let advancedAt = Number.NEGATIVE_INFINITY;
  let advancedWrites = 0;
  return {
    async storeId() {
      const { rows } = await database.run({ sql: READ_ID });
      const [id] = rows[0] ?? [];
      // For example while a dump is being loaded.
      if (id === undefined)
        throw new ImError('store_unavailable', 'the MySQL database has no epoch: run: npx chasqui setup');
      return String(id);
    },
    async advance(storeId, witnessed) {
      const { writes } = database;
      const now = clock.monotonic();
      const isDue = writes !== advancedWrites || now - advancedAt >= IDLE_MS;
      const progress = await database.transaction<Progress | null>(async (transaction, earlier) => {
        const [found] = await transaction.query([{ sql: LOCK }]);
        const kept = valuesOf(found?.rows ?? []);
        if (earlier?.wentBack && earlier.storeId === kept.epoch) return { result: earlier, writes: [] };
        if (kept.epoch !== storeId) return { result: null, writes: [] };
        if (kept.progress < witnessed) {
          const result = { storeId: newEpoch(clock, random), count: witnessed + 1, wentBack: true };
          return { result, writes: [renameInboxes(result.storeId), { sql: SAVE, values: [result.count] }] };
        }
        const count = kept.progress + (isDue ? 1 : 0);
        return {
          result: { storeId, count, wentBack: false },
          writes: isDue ? [{ sql: SAVE, values: [count] }] : [],
        };
      });
      if (isDue && progress !== null) {
        advancedAt = now;
        // Counts this transaction too.
        advancedWrites = writes + 1;
      }
      return progress;
    },
  };
}

function valuesOf(rows: readonly Row[]): { epoch: string; progress: number } {
  const values = new Map(rows.map(([name, value]) => [name, value]));
  return { epoch: String(values.get('epoch') ?? ''), progress: Number(values.get('progress') ?? 0) };
}
