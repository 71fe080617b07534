import type { PushOutcome } from '@chasqui/domain';

/**
 * How push tasks ended: one outcome for each subject, user and device, for ever the first (C17). What is resolved
 * survives kill -9. Bound: what `trim` leaves. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface PushOutcomes extends AsyncDisposable {
  /** For each, in order and atomically: keeps it if (subjectId, userId, deviceId) has none yet. Returns what is kept of each: itself or the earlier one. */
  record(outcomes: readonly PushOutcome[]): Promise<PushOutcome[]>;
  /** All outcomes of each subject, in the order asked; of one subject by `at`, then by user and device. */
  list(subjectIds: readonly string[]): Promise<PushOutcome[][]>;
  /** Drops at most `limit` with `at` below `olderThan` (Unix ms). Returns how many. */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
