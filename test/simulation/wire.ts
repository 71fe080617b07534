import type { Clock, Timer } from '@chasqui/domain';
import type { Mortal } from './mortal.ts';

interface Carried {
  bytes: number;
  /** Due time on the monotonic clock; earlier items may delay it. */
  dueAt: number;
  arrived: () => void;
}

/** One direction of a socket: items arrive in order, or not at all. */
export class Wire {
  readonly #clock: Clock;
  readonly #to: Mortal;
  readonly #delayMs: () => number;
  #queue: Carried[] = [];
  #timer: Timer | null = null;
  #isCut = false;
  #msPerByte = 0;
  /** Bytes in flight. */
  backlog = 0;

  constructor(clock: Clock, to: Mortal, delayMs: () => number) {
    this.#clock = clock;
    this.#to = to;
    this.#delayMs = delayMs;
  }

  set msPerByte(value: number) {
    this.#msPerByte = value;
    this.#timer?.cancel();
    this.#timer = null;
    this.#next();
  }

  carry(bytes: number, arrived: () => void): void {
    this.backlog += bytes;
    if (this.#isCut) return;
    this.#queue.push({ bytes, arrived, dueAt: this.#clock.monotonic() + this.#delayMs() });
    this.#next();
  }

  cut(): void {
    this.#isCut = true;
    this.#queue = [];
    this.#timer?.cancel();
  }

  #next(): void {
    const [first] = this.#queue;
    if (first === undefined || this.#timer !== null) return;
    const wait = Math.max(0, first.dueAt - this.#clock.monotonic()) + first.bytes * this.#msPerByte;
    this.#timer = this.#clock.after(wait, () => {
      this.#timer = null;
      this.#queue.shift();
      this.backlog -= first.bytes;
      this.#to.enter(first.arrived);
      this.#next();
    });
  }
}
