import { formatMessageId, type MessageId, parseMessageId } from './message-id.ts';

export interface HybridClockOptions {
  /** Unix milliseconds; may jump. */
  now: () => number;
  /** 32 random bits that make this process's ids unique. */
  tag: number;
}

/** How far ahead of this machine's clock an id may be that only a client vouches for, in ms. */
const CLIENT_AHEAD_MS = 1_000;
/**
 * The last counter that is given out in a millisecond; then the next millisecond begins, ahead of the machine's clock. Many
 * fit into one (16 bits), but the embedded search index keeps as many places for each.
 */
const LAST_COUNTER = 4_095;

/**
 * Issues message ids that sort after every id this process has issued or observed, whatever the machine's clock does: while
 * that is behind, ids stay where they are and rise by their counters. Algorithm: hybrid logical clocks (Kulkarni et
 * al., 2014). Ids that servers issued move it however far they are ahead; what a client says does not, beyond a second.
 */
export class HybridClock {
  readonly #now: () => number;
  readonly #tag: number;
  #millis = 0;
  #counter = 0;

  constructor({ now, tag }: HybridClockOptions) {
    this.#now = now;
    this.#tag = tag >>> 0;
  }

  /**
   * The next id; sorts after every earlier one, and after `after`, an id that a client named: unless that is later than
   * all that this process has seen, and more than a second ahead of this machine's clock. Then it is passed over.
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
    return formatMessageId({ millis: this.#millis, counter: this.#counter, tag: this.#tag });
  }

  /** Moves past an id that a server issued. Never one that a client named: nobody may push the clock away. */
  observe(id: MessageId): void {
    const { millis, counter } = parseMessageId(id);
    if (millis > this.#millis || (millis === this.#millis && counter > this.#counter)) {
      this.#millis = millis;
      this.#counter = counter;
    }
  }

  /** The highest reading so far, as an id of this process; for those who are to move past it. */
  latest(): MessageId {
    return formatMessageId({ millis: this.#millis, counter: this.#counter, tag: this.#tag });
  }

  /** How far, in ms, ids run ahead of this machine's clock: it was set back, or another's is ahead. */
  aheadMs(): number {
    return Math.max(0, this.#millis - this.#now());
  }
}
