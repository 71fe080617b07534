import { ChurnMap, type Clock, type ErrorCode, ImError, type Timer } from '@chasqui/domain';

interface PendingCall {
  resolve: (value: unknown) => void;
  reject: (error: ImError) => void;
  /** On the monotonic clock. */
  deadline: number;
}

export interface PendingCallsOptions {
  clock: Clock;
  unavailable: ErrorCode;
  /** The timeout of a call, in ms. */
  deadlineMs: number;
  /** The maximum of calls in flight (C16). */
  maxCalls: number;
}

/** The interval at which deadlines are checked: a call fails at most this much later than its deadline. */
const SWEEP_MS = 250;

/** Calls in flight, by number. One timer serves all of them, and runs only while there are any. */
export class PendingCalls {
  readonly #options: PendingCallsOptions;
  readonly #calls = new ChurnMap<number, PendingCall>();
  #next = 1;
  #sweep: Timer | undefined;

  constructor(options: PendingCallsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Adds a call and passes its number to `send`. Rejects at once when too many are in flight. */
  add(send: (id: number) => void): Promise<unknown> {
    const { clock, unavailable, deadlineMs, maxCalls } = this.#options;
    if (this.#calls.size >= maxCalls) {
      return Promise.reject(new ImError(unavailable, `too many calls wait (${maxCalls})`));
    }
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#calls.set(id, { resolve, reject, deadline: clock.monotonic() + deadlineMs });
      this.#sweep ??= clock.after(SWEEP_MS, () => this.#expire());
      send(id);
    });
  }

  resolve(id: number, value: unknown): void {
    this.#take(id)?.resolve(value);
  }

  reject(id: number, error: ImError): void {
    this.#take(id)?.reject(error);
  }

  rejectAll(reason: string): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    this.#stopSweep();
    for (const call of calls) call.reject(new ImError(this.#options.unavailable, reason));
  }

  #take(id: number): PendingCall | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (this.#calls.size === 0) this.#stopSweep();
    return call;
  }

  #stopSweep(): void {
    this.#sweep?.cancel();
    this.#sweep = undefined;
  }

  #expire(): void {
    const { clock, unavailable, deadlineMs } = this.#options;
    const now = clock.monotonic();
    // All calls have the same timeout, so the oldest expire first.
    for (const [id, call] of this.#calls) {
      if (call.deadline > now) break;
      this.#calls.delete(id);
      call.reject(new ImError(unavailable, `no answer within ${deadlineMs} ms`));
    }
    this.#sweep = this.#calls.size > 0 ? clock.after(SWEEP_MS, () => this.#expire()) : undefined;
  }
}
