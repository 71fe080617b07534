import { BoundedMap, type Clock, type Limits, type UserId } from '@chasqui/domain';
import { TokenBucket } from './token-bucket.ts';

export interface WorkBudgetsOptions {
  clock: Clock;
  limits: Pick<Limits, 'workPerSecond' | 'workBurst'>;
}

/** Users whose budget is remembered (C16): beyond it the one that came first is forgotten, and counts as new. */
const MAX_USERS = 200_000;

interface Budget {
  readonly bucket: TokenBucket;
  /** Units spent lately: halved by each sweep. */
  recent: number;
}

/**
 * What each user may ask of this node, over all their sessions, in the units of `work-costs.ts`. Also knows who has taken
 * little of late compared with others: `isLight`.
 */
export class WorkBudgets {
  readonly #options: WorkBudgetsOptions;
  readonly #byUser = new BoundedMap<UserId, Budget>(MAX_USERS);
  /** Of everybody's `recent`: the sum, and the sum of its squares. */
  #sum = 0;
  #squares = 0;

  constructor(options: WorkBudgetsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byUser.size;
  }

  /** Spends if anything is left, and makes a debt where it is not enough. 0: done; else how many ms to wait. */
  take(userId: UserId, units: number): number {
    const budget = this.#of(userId);
    const now = this.#options.clock.monotonic();
    const waitMs = budget.bucket.waitMs(now, 1);
    if (waitMs === 0) this.#spend(budget, units, now);
    return waitMs;
  }

  /** Spends whether anything is left or not. A negative number gives back. */
  spend(userId: UserId, units: number): void {
    this.#spend(this.#of(userId), units, this.#options.clock.monotonic());
  }

  /** Ms until the user has `share` (0 to 1) of a burst to spend; 0: now. Without `share`: until there is anything. */
  waitMs(userId: UserId, share = 0): number {
    const budget = this.#byUser.get(userId);
    if (budget === undefined) return 0;
    const { clock, limits } = this.#options;
    return budget.bucket.waitMs(clock.monotonic(), Math.max(1, share * limits.workBurst));
  }

  /** Whether the user went on long after the budget was spent. */
  isExhausted(userId: UserId): boolean {
    return this.#byUser.get(userId)?.bucket.isExhausted(this.#options.clock.monotonic()) ?? false;
  }

  /**
   * Whether the user has taken less than half of what those take who make this node's work: the mean of what users took
   * lately, weighted by what they took. Where all take alike nobody is light.
   */
  isLight(userId: UserId): boolean {
    const recent = this.#byUser.get(userId)?.recent ?? 0;
    return 2 * recent * this.#sum < this.#squares;
  }

  /** Once a second. Forgets who has rested. */
  sweep(): void {
    const now = this.#options.clock.monotonic();
    this.#sum = 0;
    this.#squares = 0;
    for (const [userId, budget] of this.#byUser) {
      budget.recent /= 2;
      if (budget.recent < 1 && budget.bucket.isFull(now)) this.#byUser.delete(userId);
      this.#sum += budget.recent;
      this.#squares += budget.recent * budget.recent;
    }
  }

  #spend(budget: Budget, units: number, now: number): void {
    budget.bucket.spend(now, units);
    const before = budget.recent;
    budget.recent = Math.max(0, before + units);
    this.#sum += budget.recent - before;
    this.#squares += budget.recent * budget.recent - before * before;
  }

  #of(userId: UserId): Budget {
    const known = this.#byUser.get(userId);
    if (known !== undefined) return known;
    const { clock, limits } = this.#options;
    const bucket = new TokenBucket(limits.workPerSecond, limits.workBurst, clock.monotonic());
    const budget = { bucket, recent: 0 };
    this.#byUser.set(userId, budget);
    return budget;
  }
}
