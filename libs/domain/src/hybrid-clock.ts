import { formatMessageId, type MessageId, parseMessageId } from './message-id.ts';

export interface HybridClockOptions {
  /** Unix milliseconds; may jump. */
  now: () => number;
  /** 32 random bits that make this process's ids unique. */
  tag: number;
}

/** Maximum time, in ms, by which an id that only a client has named may be ahead of this machine's clock. */
const CLIENT_AHEAD_MS = 1_000;
/**
 * The highest counter issued within a millisecond; after it, the next millisecond begins, ahead of the machine's clock.
 * Ids have room for more (16 bits), but the embedded search index reserves only this many per millisecond.
 */
const LAST_COUNTER = 4_095;

/**
 * Issues message ids that sort after every id this process has issued or observed, whatever the machine's clock does:
 * while that clock is behind, the milliseconds stay and the counter rises. Algorithm: hybrid logical clocks (Kulkarni
 * et al., 2014). Ids issued by servers advance the clock however far they are ahead; ids named by clients do so only up
 * to a second ahead.
 */
export class HybridClock {
  readonly #now: () => number;
  readonly #tag: number;
  #millis = 0;
  #counter = 0;
  /** No id with a higher reading was issued or observed. Most ids are below it, which their text tells. */
  #highest: MessageId = '';

  constructor({ now, tag }: HybridClockOptions) {
    this.#now = now;
    this.#tag = tag >>> 0;
  }

  /**
   * The next id. It sorts after every earlier one and after `after`, an id that a client named. Exception: an `after`
   * that is later than every id this process has seen and over a second ahead of the machine's clock is ignored.
   */
  next(after?: MessageId): MessageId {
    const now = this.#now();
    if (after !== undefined && parseMessageId(after).millis <= now + CLIENT_AHEAD_MS) this.observe(after);
    if (now > this.#millis) {
      this.#millis = now;
      this.#counter = 0;
    } else if (this.#counter < LAST_COUNTER) {
      this.#counter++;
    } else {
      this.#millis++;
      this.#counter = 0;
    }
    this.#highest = this.latest();
    return this.#highest;
  }

  /**
   * Advances past an id that a server issued. Do not pass an id named by a client, which could push the clock
   * arbitrarily far ahead: `next` limits those.
   */
  observe(id: MessageId): void {
    if (id <= this.#highest) return;
    const { millis, counter } = parseMessageId(id);
    if (millis > this.#millis || (millis === this.#millis && counter > this.#counter)) {
      this.#millis = millis;
      this.#counter = counter;
      this.#highest = id;
    }
  }

  /** The highest reading so far, as an id of this process, for other clocks to advance past. */
  latest(): MessageId {
    return formatMessageId({ millis: this.#millis, counter: this.#counter, tag: this.#tag });
  }

  /** How far, in ms, ids are ahead of this machine's clock: that clock was set back, or another machine's is ahead. */
  aheadMs(): number {
    return Math.max(0, this.#millis - this.#now());
  }
}
