import { Histogram } from './histogram.ts';

/** How far a message is: acks and receipt at the sender, the message itself at the receiver. */
export const LOAD_STAGES = ['queued', 'stored', 'received', 'delivered'] as const;
export type LoadStage = (typeof LOAD_STAGES)[number];

export const BIT_OF = { queued: 1, stored: 2, received: 4, delivered: 8 } as const satisfies {
  [S in LoadStage]: number;
};

const REFUSED = 16;

/**
 * The outcome of every message of a run. Times are µs of the monotonic clock. A latency counts from when the message
 * was *due*, not from when the client sent it, so that a late client cannot hide delays.
 */
export class MessageTally {
  readonly stages: readonly LoadStage[];
  readonly latency: { readonly [S in LoadStage]: Histogram };
  /** How late the client sent its messages. */
  readonly lateness = new Histogram();
  readonly refusals = new Map<string, number>();
  /** Stages reported a second time. */
  repeated = 0;
  done = 0;
  refused = 0;
  readonly #all: number;
  #dueAt = new Float64Array(1 << 16);
  #state = new Uint8Array(1 << 16);
  #length = 0;

  /** `stages`: those that complete a message. */
  constructor(stages: readonly LoadStage[]) {
    this.stages = stages;
    this.#all = stages.reduce((bits, stage) => bits | BIT_OF[stage], 0);
    this.latency = Object.fromEntries(LOAD_STAGES.map((stage) => [stage, new Histogram()])) as {
      [S in LoadStage]: Histogram;
    };
  }

  /** Messages sent. */
  get sent(): number {
    return this.#length;
  }

  /** Sent, and neither done nor refused. */
  get open(): number {
    return this.#length - this.done - this.refused;
  }

  /** Records a message that is being sent and returns its number. */
  add(dueAt: number, now: number): number {
    if (this.#length === this.#dueAt.length) this.#grow();
    this.#dueAt[this.#length] = dueAt;
    this.lateness.record(now - dueAt);
    return this.#length++;
  }

  /** Returns true when this stage completes the message. */
  mark(number: number, stage: LoadStage, now: number): boolean {
    const bit = BIT_OF[stage];
    const state = this.#state[number] ?? 0;
    if ((state & bit) !== 0) {
      this.repeated++;
      return false;
    }
    this.#state[number] = state | bit;
    this.latency[stage].record(now - (this.#dueAt[number] ?? now));
    const done = ((state | bit) & this.#all) === this.#all && (state & this.#all) !== this.#all;
    if (done) {
      this.done++;
      if ((state & REFUSED) !== 0) this.refused--;
    }
    return done;
  }

  /** The server refused the message with a code. Returns true when this settles it. */
  refuse(number: number, code: string): boolean {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
    const state = this.#state[number] ?? REFUSED;
    if ((state & REFUSED) !== 0 || (state & this.#all) === this.#all) return false;
    this.#state[number] = state | REFUSED;
    this.refused++;
    return true;
  }

  has(number: number, stage: LoadStage): boolean {
    return ((this.#state[number] ?? 0) & BIT_OF[stage]) !== 0;
  }

  #grow(): void {
    const [dueAt, state] = [this.#dueAt, this.#state];
    this.#dueAt = new Float64Array(dueAt.length * 2);
    this.#dueAt.set(dueAt);
    this.#state = new Uint8Array(state.length * 2);
    this.#state.set(state);
  }
}
