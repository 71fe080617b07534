import type { Clock, Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import { HbaseError } from '../wire/hbase-error.ts';

export interface AttemptsOptions {
  clock: Clock;
  random: Random;
  /** Deadline of an operation, including all attempts, ms. */
  deadlineMs: number;
}

/** The first wait suits a brief fault; moving a region takes about a second, a restart many. */
const BACKOFF = { initialMs: 20, maxMs: 1_000 };

/** Retries transient failures until the deadline. */
export class Attempts implements Disposable {
  readonly #options: AttemptsOptions;
  readonly #ended = new AbortController();

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** The deadline of an operation that starts now, monotonic ms. */
  deadline(): number {
    return this.#options.clock.monotonic() + this.#options.deadlineMs;
  }

  /**
   * `once` may be repeated at any point, so it must be idempotent. It should finish by the deadline. Errors: the last
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

  /** Operations that wait for their next attempt fail. */
  [Symbol.dispose](): void {
    this.#ended.abort(new HbaseError('refused', 'Closed', 'the connection to HBase is being closed'));
  }
}

/** How long a failure is shared with all callers before the next attempt, ms. */
const FAILURE_HELD_MS = 200;

/** A slow result that many callers need: they share one attempt and its outcome. */
export class SharedAttempt<T> {
  readonly #make: () => Promise<T>;
  readonly #clock: Clock;
  readonly #onForgotten: (() => void) | undefined;
  #current: Promise<T> | undefined;

  /** `onForgotten` is called when a failure is no longer shared. */
  constructor(clock: Clock, make: () => Promise<T>, onForgotten?: () => void) {
    this.#clock = clock;
    this.#make = make;
    this.#onForgotten = onForgotten;
  }

  /** The result, the attempt in flight, or a new attempt. */
  get(): Promise<T> {
    if (this.#current !== undefined) return this.#current;
    const attempt = this.#make();
    this.#current = attempt;
    attempt.catch(() => this.#clock.after(FAILURE_HELD_MS, () => this.#forget(attempt)));
    return attempt;
  }

  /** The next call starts a new attempt. */
  reset(): void {
    this.#current = undefined;
  }

  #forget(failed: Promise<T>): void {
    if (failed !== this.#current) return;
    this.reset();
    this.#onForgotten?.();
  }
}
