import { ChurnMap } from './churn-map.ts';

export interface BoundedMapOptions<Key, Value> {
  /** What a value counts for; it must not change while the value is kept. Default: 1 each. */
  weigh?: (value: Value) => number;
  /** Told of each entry that goes because of the bound, the oldest first. */
  evicted?: (key: Key, value: Value) => void;
}

/**
 * A map that never holds more than its maximum (C16): the entry that was set or used longest ago goes first. It keeps the order
 * of setting and using exactly, which costs about a microsecond an entry at the bound. Where that is too much, `RecentMap` keeps it roughly.
 */
export class BoundedMap<Key, Value> {
  readonly #max: number;
  readonly #options: BoundedMapOptions<Key, Value>;
  readonly #entries = new ChurnMap<Key, Value>();
  #newest: Key | undefined;
  #weight = 0;

  /** `max`: entries at most; with `weigh`, the sum of their weights. */
  constructor(max: number, options: BoundedMapOptions<Key, Value> = {}) {
    this.#max = max;
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Leaves the order as it is. */
  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** Makes the entry the newest. */
  use(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined || key === this.#newest) return value;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    return value;
  }

  /** Makes the entry the newest. Nothing is left where one value alone is heavier than the maximum. */
  set(key: Key, value: Value): void {
    this.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    this.#weight += this.#weigh(value);
    while (this.#weight > this.#max && this.#entries.size > 0) this.#evict();
  }

  delete(key: Key): boolean {
    const value = this.#entries.get(key);
    if (!this.#entries.delete(key)) return false;
    this.#weight -= this.#weigh(value as Value);
    return true;
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }

  /** The oldest first; entries may be deleted meanwhile. */
  values(): MapIterator<Value> {
    return this.#entries.values();
  }

  /** The oldest first; entries may be deleted meanwhile. */
  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.#entries[Symbol.iterator]();
  }

  #weigh(value: Value): number {
    return this.#options.weigh?.(value) ?? 1;
  }

  #evict(): void {
    const oldest = this.#entries.oldest() as Key;
    const value = this.#entries.get(oldest) as Value;
    this.delete(oldest);
    this.#options.evicted?.(oldest, value);
  }
}
