import { ImError } from './errors.ts';
import { formatMessageId, MAX_COUNTER, type MessageId, parseMessageId } from './message-id.ts';

export interface HybridClockOptions {
  /** Unix milliseconds; may jump. */
  now: () => number;
  /** 32 random bits that make this process's ids unique. */
  tag: number;
  /** How far, in ms, an id seen may run ahead of the local clock and still move it. Default 60 000. */
  maxAheadMs?: number;
}

/**
 * Issues message ids that sort after every id this process has issued or observed, whatever the machine's clock does.
 * Algorithm: hybrid logical clocks (Kulkarni et al., 2014), with a bound against ids from the far future.
 */
export class HybridClock {
  readonly #now: () => number;
  readonly #tag: number;
  readonly #maxAheadMs: number;
  #millis = 0;
  #counter = 0;

  constructor({ now, tag, maxAheadMs = 60_000 }: HybridClockOptions) {
    this.#now = now;
    this.#tag = tag >>> 0;
    this.#maxAheadMs = maxAheadMs;
  }

  /**
   * The next id; sorts after every earlier one and after `after`.
   * Errors: `clock_unsound` when `after` lies more than `maxAheadMs` ahead of this machine's clock.
   */
  next(after?: MessageId): MessageId {
    if (after !== undefined && !this.observe(after)) {
      throw new ImError('clock_unsound', `an id more than ${this.#maxAheadMs} ms in the future cannot be followed`, {
        field: 'after',
      });
    }
    const now = this.#now();
    if (now > this.#millis) {
      this.#millis = now;
      this.#counter = 0;
    } else if (this.#counter < MAX_COUNTER) {
      this.#counter++;
    } else {
      this.#millis++;
      this.#counter = 0;
    }
    return formatMessageId({ millis: this.#millis, counter: this.#counter, tag: this.#tag });
  }

  /** Moves past an id seen elsewhere. False, and no move, when it is beyond the bound. */
  observe(id: MessageId): boolean {
    const { millis, counter } = parseMessageId(id);
    if (millis > this.#now() + this.#maxAheadMs) return false;
    if (millis > this.#millis || (millis === this.#millis && counter > this.#counter)) {
      this.#millis = millis;
      this.#counter = counter;
    }
    return true;
  }

  /** How far, in ms, issued ids run ahead of the machine's clock. A node reports itself not ready beyond its bound. */
  aheadMs(): number {
    return Math.max(0, this.#millis - this.#now());
  }
}
