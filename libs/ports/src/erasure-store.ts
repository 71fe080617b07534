import type { Erasure, UserId } from '@chasqui/domain';

/**
 * The erasures of users that were asked for. The same engine as `UserStore`. Each call is one transaction; a resolved
 * write survives kill -9. Grows by one row for each erased user: the rows keep their ids from being used again. Errors:
 * `store_unavailable` (repeat: every call is idempotent).
 */
export interface ErasureStore extends AsyncDisposable {
  /** An erasure under way goes on, a finished one begins again. `erasesMessages` is never taken back. */
  begin(erasure: Omit<Erasure, 'doneAt'>): Promise<Erasure>;
  /** In the order of the ids; null: nobody asked for it. */
  get(userIds: readonly UserId[]): Promise<(Erasure | null)[]>;
  /** In the order of the user ids, by code units, only those after `after`; at most `limit` (1 to 1,000). */
  page(after: UserId | '', limit: number): Promise<Erasure[]>;
  /**
   * The erasure that was asked for first among those that are under way and that no process holds at `now` (Unix ms);
   * the caller holds it until `until`. Null: there is none.
   */
  take(now: number, until: number): Promise<Erasure | null>;
  /** The process that holds it does so until another time. */
  hold(userId: UserId, until: number): Promise<void>;
  /** Ends an erasure, unless it was asked for again since this one was taken. False: it was. */
  finish(erasure: Erasure, at: number): Promise<boolean>;
  ping(): Promise<void>;
}
