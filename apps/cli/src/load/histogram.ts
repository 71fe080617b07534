import { createHistogram } from 'node:perf_hooks';

/** Latencies in whole µs, at least 1: exact up to 2,000, then within 0.1 %. Uses a fixed 130 kB of memory. */
export class Histogram {
  readonly #values = createHistogram();
  #max = 0;

  get count(): number {
    return this.#values.count;
  }

  /** µs. */
  get max(): number {
    return this.#max;
  }

  record(us: number): void {
    const value = Math.max(1, Math.round(us));
    this.#values.record(value);
    if (value > this.#max) this.#max = value;
  }

  /** The value, in µs, that the share `q` (above 0, up to 1) of all does not exceed; 0 when there is none. */
  quantile(q: number): number {
    if (this.count === 0) return 0;
    // Rounds the rank up, where the library takes the nearest one.
    const rank = Math.max(1, Math.ceil(q * this.count));
    return Math.min(this.#max, this.#values.percentile((100 * rank) / this.count));
  }
}
