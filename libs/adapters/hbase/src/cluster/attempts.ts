import type { Clock, Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import { HbaseError } from '../wire/hbase-error.ts';

export interface AttemptsOptions {
  clock: Clock;
  random: Random;
  /** For everything that is tried, all its attempts together, ms. */
  deadlineMs: number;
}

/** The first wait is a hiccup's; a region that moves takes about a second, a restart many. */
const BACKOFF = { initialMs: 20, maxMs: 1_000 };

/** Tries again what may succeed later, until its deadline. */
export class Attempts implements Disposable {
  readonly #options: AttemptsOptions;
  readonly #ended = new AbortController();

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /**
   * `once` gets the time by which it should be done (monotonic ms) and may be repeated at any point: what it does must
   * bear that. Errors: the last `HbaseError`.
   */
  async run<T>(once: (deadline: number) => Promise<T>): Promise<T> {
    const { clock, random, deadlineMs } = this.#options;
    const deadline = clock.monotonic() + deadlineMs;
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(deadline);
      } catch (thrown) {
        const error = HbaseError.from(thrown);
        const delay = backoffMs(attempt, BACKOFF, random);
        if (error.kind === 'refused' || clock.monotonic() + delay >= deadline) throw error;
        await sleep(clock, delay, this.#ended.signal);
      }
    }
  }

  /** What waits for its next try fails. */
  [Symbol.dispose](): void {
    this.#ended.abort(new HbaseError('refused', 'Closed', 'the connection to HBase is being closed'));
  }
}
