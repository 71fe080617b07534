import type { Clock } from '@chasqui/domain';
import type { Mortal } from './mortal.ts';

/** One direction of a socket: what is carried arrives in order, or not at all. */
export class Wire {
  readonly #clock: Clock;
  readonly #to: Mortal;
  readonly #delayMs: () => number;
  #arrivesAt = 0;
  #isCut = false;
  msPerByte = 0;
  /** Bytes on their way. */
  backlog = 0;

  constructor(clock: Clock, to: Mortal, delayMs: () => number) {
    this.#clock = clock;
    this.#to = to;
    this.#delayMs = delayMs;
  }

  carry(bytes: number, arrived: () => void): void {
    this.backlog += bytes;
    if (this.#isCut) return;
    const now = this.#clock.monotonic();
    this.#arrivesAt = Math.max(this.#arrivesAt, now + this.#delayMs()) + bytes * this.msPerByte;
    this.#clock.after(this.#arrivesAt - now, () => {
      if (this.#isCut) return;
      this.backlog -= bytes;
      this.#to.enter(arrived);
    });
  }

  cut(): void {
    this.#isCut = true;
  }
}
