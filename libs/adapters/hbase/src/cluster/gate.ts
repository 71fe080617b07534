import type { Clock } from '@chasqui/domain';
import { HbaseError } from '../wire/hbase-error.ts';

export interface GateOptions {
  clock: Clock;
  /** Maximum concurrent calls. */
  limit: number;
  /** Maximum waiting calls; further calls fail. */
  maxWaiting: number;
}

/** Bounds concurrent work, first come, first served. */
export class Gate {
  readonly #options: GateOptions;
  readonly #waiting = new Set<() => void>();
  #inside = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Runs `work` once there is room. Errors: `HbaseError` (busy) if there is none by `deadline` (monotonic ms). */
  async pass<T>(deadline: number, work: () => Promise<T>): Promise<T> {
    await this.#enter(deadline);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(deadline: number): Promise<void> | undefined {
    const { clock, limit, maxWaiting } = this.#options;
    if (this.#inside < limit) {
      this.#inside++;
      return undefined;
    }
    if (this.#waiting.size >= maxWaiting) throw new HbaseError('busy', 'TooMuchAtOnce', `${maxWaiting} calls wait`);
    return new Promise((resolve, reject) => {
      const admit = () => {
        timer.cancel();
        resolve();
      };
      const timer = clock.after(Math.max(0, deadline - clock.monotonic()), () => {
        this.#waiting.delete(admit);
        reject(new HbaseError('busy', 'TooMuchAtOnce', `no room among ${limit} calls in time`));
      });
      this.#waiting.add(admit);
    });
  }

  /** The call that has waited longest is next. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#inside--;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}
