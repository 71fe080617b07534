import type { AuditEntry, UserId } from '@chasqui/domain';

export interface AuditPage {
  /** Only entries before this one: the last `entryId` of the page before. */
  before?: string;
  /** Only what was done to this user. */
  target?: UserId;
  limit: number;
}

/**
 * What operators did. Entries are only ever added: there is no way to change one, and none to take one away but its age.
 * What is resolved survives kill -9. Bound: what `trim` leaves. Errors: `store_unavailable` (repeat: every call is
 * idempotent).
 */
export interface AuditLog extends AsyncDisposable {
  /** Of two with the same `entryId`, the first stands. */
  append(entry: AuditEntry): Promise<void>;
  /** The newest first, by `entryId`. */
  page(page: AuditPage): Promise<AuditEntry[]>;
  /** Drops at most `limit` with `at` below `olderThan` (Unix ms). Returns how many. */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
