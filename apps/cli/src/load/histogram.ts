/** Values below this are counted exactly; above, in 128 steps per doubling: within 0.8 %. */
const SUB_BITS = 7;
const SUB = 2 ** SUB_BITS;
/** Up to 2^40 µs. */
const SLOTS = SUB * (40 - SUB_BITS + 2);

/** Latencies in µs, in slots of fixed relative precision and fixed memory. */
export class Histogram {
  readonly #slots = new Uint32Array(SLOTS);
  #count = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  /** µs. */
  get max(): number {
    return this.#max;
  }

  record(us: number): void {
    const value = Math.max(0, Math.round(us));
    const slot = Math.min(slotOf(value), SLOTS - 1);
    this.#slots[slot] = (this.#slots[slot] ?? 0) + 1;
    this.#count++;
    if (value > this.#max) this.#max = value;
  }

  /** The value, in µs, that the share `q` (0 to 1) of all does not exceed; 0 when there is none. */
  quantile(q: number): number {
    const wanted = Math.max(1, Math.ceil(q * this.#count));
    let seen = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      seen += this.#slots[slot] ?? 0;
      if (seen >= wanted) return Math.min(this.#max, topOf(slot));
    }
    return this.#max;
  }
}

function slotOf(value: number): number {
  if (value < SUB * 2) return value;
  const shift = Math.floor(Math.log2(value)) - SUB_BITS;
  return SUB * shift + Math.floor(value / 2 ** shift);
}

/** The largest value of a slot. */
function topOf(slot: number): number {
  if (slot < SUB * 2) return slot;
  const shift = Math.floor(slot / SUB) - 1;
  return (SUB + (slot % SUB) + 1) * 2 ** shift - 1;
}
