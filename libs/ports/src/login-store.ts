import type { UserId } from '@chasqui/domain';

/** One log-in: a chain of refresh tokens, each of which is valid once. */
export interface Login {
  userId: UserId;
  /** 32 hexadecimal digits. */
  loginId: string;
  /** The step of the currently valid token; the first is 0. */
  step: number;
  /** Unix ms of that step. */
  at: number;
}

/**
 * The result of a refresh. A number: the step for which to issue a token. `ended`: the log-in does not exist, or no
 * longer does.
 */
export type Refreshed = number | 'reused' | 'ended';

/**
 * The valid refresh tokens. Each call is one transaction; a resolved write survives kill -9. Bound: per user, the
 * `PEOPLE_LIMITS.maxLoginsPerUser` log-ins with the highest `at`. Errors: `store_unavailable`.
 */
export interface LoginStore extends AsyncDisposable {
  /** Idempotent: an id that exists already is ignored. */
  begin(login: Login): Promise<void>;
  /**
   * The token of `step` is presented at `at`. The current step makes the next one. The step before it, within `graceMs`
   * of the current one, returns the current one again: the answer was lost, or two requests crossed. Any other step is
   * a token that was used before, so somebody has a copy: the log-in ends (`reused`) and is unknown from then on.
   */
  refresh(login: Login, graceMs: number): Promise<Refreshed>;
  /** Ends all log-ins of a user. */
  endAll(userId: UserId): Promise<void>;
  /** Removes at most `limit` log-ins with `at` below `olderThan`, whose tokens have expired. Returns how many. */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
