/**
 * Lets `burst` through at once and `perSecond` in the long run. Starts full: one that is full may be thrown away. What
 * costs more than is there makes a debt, which is waited for.
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

  /** Owes as much as it lets through at once. */
  isExhausted(nowMs: number): boolean {
    return this.#tokensAt(nowMs) <= -this.#burst;
  }

  /** 0: granted; else how many ms to wait. */
  take(nowMs: number): number {
    const waitMs = this.waitMs(nowMs, 1);
    if (waitMs === 0) this.spend(nowMs, 1);
    return waitMs;
  }

  /** Ms until there are `least` tokens; 0: there are. */
  waitMs(nowMs: number, least: number): number {
    const tokens = this.#tokensAt(nowMs);
    return tokens >= least ? 0 : Math.ceil(((least - tokens) * 1000) / this.#perSecond);
  }

  /** Takes tokens whether they are there or not; a negative number gives some back. */
  spend(nowMs: number, tokens: number): void {
    this.#tokens = this.#tokensAt(nowMs) - tokens;
    this.#at = nowMs;
  }

  #tokensAt(nowMs: number): number {
    return Math.min(this.#burst, this.#tokens + (Math.max(0, nowMs - this.#at) * this.#perSecond) / 1000);
  }
}
