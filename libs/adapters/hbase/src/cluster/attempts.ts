import type { Clock, Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import { HbaseError } from '../wire/hbase-error.ts';

export interface AttemptsOptions {
  clock: Clock;
  random: Random;
  /** For an operation, all its attempts together, ms. */
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

  /** Of what begins now, in monotonic ms. */
  deadline(): number {
    return this.#options.clock.monotonic() + this.#options.deadlineMs;
  }

  /**
   * `once` may be repeated at any point: what it does must bear that. It should be done by the deadline. Errors: the last
   * `HbaseError`.
   */
  async run<T>(deadline: number, once: () => Promise<T>): Promise<T> {
    const { clock, random } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        return await once();
      } catch (error) {
        if (!(error instanceof HbaseError)) throw error;
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
