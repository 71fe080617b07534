import type { AuditEntry, UserId } from '@chasqui/domain';

export interface AuditPage {
  /** Only entries before this one: the last `entryId` of the previous page. */
  before?: string;
  /** Only actions on this user. */
  target?: UserId;
  limit: number;
}

/**
 * The log of operators' actions. It is append-only: entries cannot be changed, and only `trim` removes them, by age. A
 * resolved write survives kill -9. Bound: what `trim` leaves. Errors: `store_unavailable` (repeat: every call is
 * idempotent).
 */
export interface AuditLog extends AsyncDisposable {
  /** An entry whose `entryId` exists already is ignored. */
  append(entry: AuditEntry): Promise<void>;
  /** Newest first, by `entryId`. */
  page(page: AuditPage): Promise<AuditEntry[]>;
  /** Removes at most `limit` entries with `at` below `olderThan` (Unix ms). Returns how many. */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
