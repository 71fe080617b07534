/**
 * Admits a burst of `burst` tokens and `perSecond` in the long run. It starts full, so a full bucket may be discarded.
 * Spending more than is available makes a debt, which must be refilled first.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = nowMs;
  }

  isFull(nowMs: number): boolean {
    return this.#tokensAt(nowMs) >= this.#burst;
  }

  /** The debt is at least a whole burst. */
  isExhausted(nowMs: number): boolean {
    return this.#tokensAt(nowMs) <= -this.#burst;
  }

  /** Takes one token. Returns 0 if it was granted, else the ms to wait. */
  take(nowMs: number): number {
    const waitMs = this.waitMs(nowMs, 1);
    if (waitMs === 0) this.spend(nowMs, 1);
    return waitMs;
  }

  /** Ms until there are `least` tokens; 0: there are enough now. */
  waitMs(nowMs: number, least: number): number {
    const tokens = this.#tokensAt(nowMs);
    return tokens >= least ? 0 : Math.ceil(((least - tokens) * 1000) / this.#perSecond);
  }

  /** Takes tokens even if that makes a debt; a negative number gives tokens back. */
  spend(nowMs: number, tokens: number): void {
    this.#tokens = this.#tokensAt(nowMs) - tokens;
    this.#at = nowMs;
  }

  #tokensAt(nowMs: number): number {
    return Math.min(this.#burst, this.#tokens + (Math.max(0, nowMs - this.#at) * this.#perSecond) / 1000);
  }
}
