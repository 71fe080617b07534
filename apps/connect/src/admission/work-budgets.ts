import { BoundedMap, type Clock, type Limits, type UserId } from '@chasqui/domain';
import { TokenBucket } from './token-bucket.ts';

export interface WorkBudgetsOptions {
  clock: Clock;
  limits: Pick<Limits, 'workPerSecond' | 'workBurst'>;
}

/** How many users' budgets are remembered (C16). The oldest is evicted first and counts as new afterwards. */
const MAX_USERS = 200_000;

interface Budget {
  readonly bucket: TokenBucket;
  /** Units spent recently: each sweep halves it. */
  recent: number;
}

/**
 * What each user may ask of this node, over all their sessions, in the units of `work-costs.ts`. Also tells which users
 * have recently taken little compared with others (`isLight`).
 */
export class WorkBudgets {
  readonly #options: WorkBudgetsOptions;
  readonly #byUser = new BoundedMap<UserId, Budget>(MAX_USERS);
  /** The sum of all users' `recent`, and the sum of its squares. */
  #sum = 0;
  #squares = 0;

  constructor(options: WorkBudgetsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byUser.size;
  }

  /** Spends if anything is left, and makes a debt if that is not enough. Returns 0 if spent, else the ms to wait. */
  take(userId: UserId, units: number): number {
    const budget = this.#of(userId);
    const now = this.#options.clock.monotonic();
    const waitMs = budget.bucket.waitMs(now, 1);
    if (waitMs === 0) this.#spend(budget, units, now);
    return waitMs;
  }

  /** Spends even if that makes a debt. A negative number gives units back. */
  spend(userId: UserId, units: number): void {
    this.#spend(this.#of(userId), units, this.#options.clock.monotonic());
  }

  /** Ms until the user may spend `share` (0 to 1) of a burst; 0: now. Without `share`: until anything is left. */
  waitMs(userId: UserId, share = 0): number {
    const budget = this.#byUser.get(userId);
    if (budget === undefined) return 0;
    const { clock, limits } = this.#options;
    return budget.bucket.waitMs(clock.monotonic(), Math.max(1, share * limits.workBurst));
  }

  /** Whether the user continued long after the budget was spent. */
  isExhausted(userId: UserId): boolean {
    return this.#byUser.get(userId)?.bucket.isExhausted(this.#options.clock.monotonic()) ?? false;
  }

  /**
   * Whether the user has taken less than half of the average, where the average is the mean of users' recent work
   * weighted by that work. If all users take alike, nobody is light.
   */
  isLight(userId: UserId): boolean {
    const recent = this.#byUser.get(userId)?.recent ?? 0;
    return 2 * recent * this.#sum < this.#squares;
  }

  /** Called once a second. Forgets users whose budget is full again. */
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
