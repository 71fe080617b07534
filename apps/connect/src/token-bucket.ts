/** Lets `burst` through at once and `perSecond` in the long run. Starts full: one that is full may be thrown away. */
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

  /** 0: granted; else how many ms to wait. */
  take(nowMs: number): number {
    this.#tokens = this.#tokensAt(nowMs);
    this.#at = nowMs;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * 1000) / this.#perSecond);
    this.#tokens--;
    return 0;
  }

  #tokensAt(nowMs: number): number {
    return Math.min(this.#burst, this.#tokens + (Math.max(0, nowMs - this.#at) * this.#perSecond) / 1000);
  }
}
