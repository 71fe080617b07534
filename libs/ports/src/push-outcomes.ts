import type { PushOutcome } from '@chasqui/domain';

/**
 * Outcomes of push tasks: one for each subject, user and device; the first one recorded is final (C17). A resolved
 * write survives kill -9. Bound: what `trim` leaves. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface PushOutcomes extends AsyncDisposable {
  /**
   * For each outcome, in order and atomically: stores it if (subjectId, userId, deviceId) has none yet. Returns the
   * stored ones: the given one or the earlier one.
   */
  record(outcomes: readonly PushOutcome[]): Promise<PushOutcome[]>;
  /**
   * All outcomes of each subject, in the order of `subjectIds`; those of one subject by `at`, then by user and device.
   */
  list(subjectIds: readonly string[]): Promise<PushOutcome[][]>;
  /** Removes at most `limit` outcomes with `at` below `olderThan` (Unix ms). Returns how many. */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
