import { Histogram } from './histogram.ts';
import { BIT_OF, STEPS, type Step } from './step.ts';

const REFUSED = 16;

/**
 * What became of every message of a run. Times are µs of the monotonic clock, and a latency counts from when the message
 * was *due*, not from when the client came to send it: a client that is late may not hide it.
 */
export class Ledger {
  readonly steps: readonly Step[];
  readonly latency: { readonly [S in Step]: Histogram };
  /** How late the client itself was. */
  readonly lateness = new Histogram();
  readonly refusals = new Map<string, number>();
  /** Steps told a second time. */
  repeated = 0;
  done = 0;
  refused = 0;
  readonly #all: number;
  #dueAt = new Float64Array(1 << 16);
  #state = new Uint8Array(1 << 16);
  #length = 0;

  /** `steps`: those that a message needs to be done. */
  constructor(steps: readonly Step[]) {
    this.steps = steps;
    this.#all = steps.reduce((bits, step) => bits | BIT_OF[step], 0);
    this.latency = Object.fromEntries(STEPS.map((step) => [step, new Histogram()])) as { [S in Step]: Histogram };
  }

  /** Messages sent. */
  get sent(): number {
    return this.#length;
  }

  /** Sent, and neither done nor refused. */
  get open(): number {
    return this.#length - this.done - this.refused;
  }

  /** Notes a message that is being sent and returns its number. */
  add(dueAt: number, now: number): number {
    if (this.#length === this.#dueAt.length) this.#grow();
    this.#dueAt[this.#length] = dueAt;
    this.lateness.record(now - dueAt);
    return this.#length++;
  }

  /** True when the message is done with this. */
  mark(number: number, step: Step, now: number): boolean {
    const bit = BIT_OF[step];
    const state = this.#state[number] ?? 0;
    if ((state & bit) !== 0) {
      this.repeated++;
      return false;
    }
    this.#state[number] = state | bit;
    this.latency[step].record(now - (this.#dueAt[number] ?? now));
    const done = ((state | bit) & this.#all) === this.#all && (state & this.#all) !== this.#all;
    if (done) {
      this.done++;
      if ((state & REFUSED) !== 0) this.refused--;
    }
    return done;
  }

  /** The server refused it, with a code. True when the message is thereby settled. */
  refuse(number: number, code: string): boolean {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
    const state = this.#state[number] ?? REFUSED;
    if ((state & REFUSED) !== 0 || (state & this.#all) === this.#all) return false;
    this.#state[number] = state | REFUSED;
    this.refused++;
    return true;
  }

  has(number: number, step: Step): boolean {
    return ((this.#state[number] ?? 0) & BIT_OF[step]) !== 0;
  }

  #grow(): void {
    const [dueAt, state] = [this.#dueAt, this.#state];
    this.#dueAt = new Float64Array(dueAt.length * 2);
    this.#dueAt.set(dueAt);
    this.#state = new Uint8Array(state.length * 2);
    this.#state.set(state);
  }
}
