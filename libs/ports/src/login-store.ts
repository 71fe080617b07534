import type { UserId } from '@chasqui/domain';

/** One log-in, as a chain of refresh tokens each of which is good once. */
export interface Login {
  userId: UserId;
  /** 32 hexadecimal digits. */
  loginId: string;
  /** The step of the token that is good now; the first is 0. */
  step: number;
  /** Unix ms of that step. */
  at: number;
}

/** What became of a refresh. A number: the step to issue a token of. `ended`: there is no such log-in (any more). */
export type Refreshed = number | 'reused' | 'ended';

/**
 * Which refresh tokens are good. One transaction each; what is resolved survives kill -9. Bound: of a user, the
 * `PEOPLE_LIMITS.maxLoginsPerUser` with the highest `at`. Errors: `store_unavailable`.
 */
export interface LoginStore extends AsyncDisposable {
  /** Idempotent: of two with the same id, the first stands. */
  begin(login: Login): Promise<void>;
  /**
   * The token of `step` is shown at `at`. The current step makes the next one. The step before it, within `graceMs` of the
   * current one, gives the current one once more: the answer was lost, or two requests crossed. Any other step is a token
   * that was used before: somebody has a copy. The log-in then ends (`reused`), and is unknown from there on.
   */
  refresh(login: Login, graceMs: number): Promise<Refreshed>;
  /** Drops at most `limit` with `at` below `olderThan`: their tokens have ended. Returns how many. */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
