import { ChurnMap } from './churn-map.ts';

export interface BoundedMapOptions<Key, Value> {
  /** The weight of a value; it must not change while the value is in the map. Default: 1. */
  weigh?: (value: Value) => number;
  /** Called for each entry that is evicted because of the bound, oldest first. */
  evicted?: (key: Key, value: Value) => void;
}

/**
 * A map of bounded size (C16): the least recently set or used entry is evicted first. The order is exact, which costs
 * about a microsecond per entry at the bound. Where that is too slow, use `RecentMap`, whose order is approximate.
 */
export class BoundedMap<Key, Value> {
  readonly #max: number;
  readonly #options: BoundedMapOptions<Key, Value>;
  readonly #entries = new ChurnMap<Key, Value>();
  #newest: Key | undefined;
  #weight = 0;

  /** `max`: the maximum number of entries or, with `weigh`, the maximum sum of their weights. */
  constructor(max: number, options: BoundedMapOptions<Key, Value> = {}) {
    this.#max = max;
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Does not change the eviction order. */
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

  /** Makes the entry the newest. A value that alone is heavier than the maximum empties the map. */
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
