import type { HeldMessage, LegalHold, MessageId } from '@chasqui/domain';

/**
 * Legal holds, and what is kept for them. Each call is one transaction; a resolved write survives kill -9, and is seen by
 * every later call on any process. Bound: `HOLD_LIMITS.maxHolds`; kept messages as long as their hold. Errors:
 * `store_unavailable` (repeat: every call is idempotent).
 */
export interface HoldStore extends AsyncDisposable {
  /** An id that exists already is left as it is. False: there are `maxHolds`, and nothing was changed. */
  place(hold: LegalHold): Promise<boolean>;
  get(holdId: string): Promise<LegalHold | null>;
  /** All of them, in the order of `placedAt`, then of the id. */
  list(): Promise<LegalHold[]>;
  /**
   * Keeps messages, and the attachments of their content, for holds that are not released. One that is kept for a hold
   * already is left as it is.
   */
  keep(messages: readonly HeldMessage[]): Promise<void>;
  /** What is kept for a hold, by message id, only after `after`; at most `limit`. */
  kept(holdId: string, page: { after?: MessageId; limit: number }): Promise<HeldMessage[]>;
  /**
   * Removes messages that are kept for a hold, at most `limit`, and the hold with the last of them. True: it is gone, or
   * never was; false: call again.
   */
  release(holdId: string, limit: number): Promise<boolean>;
  ping(): Promise<void>;
}
