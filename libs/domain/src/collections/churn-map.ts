/** Deleted places that a table may have beyond its size. */
const SLACK = 32;

/**
 * A map for entries that come and go quickly. A plain `Map` that fills up with deleted places moves on to a new table, and V8
 * links the outgrown table to it, for iterators. Once one such table is in the old generation, dead or not, that link lets
 * every later table and all that was in it survive the collections of the young one: what should have died within
 * milliseconds is copied twice and kept until the next whole collection. Starting over with a new `Map` before that breaks the chain.
 */
export class ChurnMap<Key, Value> {
  #map = new Map<Key, Value>();
  #deleted = 0;
  /** Everything before its place is deleted, but for `#oldest`. */
  #walk: MapIterator<Key> | undefined;
  #oldest: Key | undefined;

  get size(): number {
    return this.#map.size;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  /** A key that is there keeps its place in the order. */
  set(key: Key, value: Value): void {
    if (this.#deleted > this.#map.size + SLACK) this.#startOver(new Map(this.#map));
    this.#map.set(key, value);
  }

  delete(key: Key): boolean {
    const isThere = this.#map.delete(key);
    if (isThere) this.#deleted++;
    if (key === this.#oldest) this.#oldest = undefined;
    return isThere;
  }

  clear(): void {
    this.#startOver(new Map());
  }

  /**
   * The key that was set first. The walk is kept between calls: a new one would pass over the places of all that were deleted
   * before, 50 µs a call where 50,000 are kept.
   */
  oldest(): Key | undefined {
    if (this.#oldest === undefined) {
      this.#walk ??= this.#map.keys();
      const { done, value } = this.#walk.next();
      // A walk that has ended does not see what is set later.
      if (done === true) this.#walk = undefined;
      else this.#oldest = value;
    }
    return this.#oldest;
  }

  /** As of now, in the order of setting: entries may be deleted meanwhile. */
  values(): MapIterator<Value> {
    return this.#map.values();
  }

  keys(): MapIterator<Key> {
    return this.#map.keys();
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.#map[Symbol.iterator]();
  }

  #startOver(map: Map<Key, Value>): void {
    this.#map = map;
    this.#deleted = 0;
    this.#walk = undefined;
    this.#oldest = undefined;
  }
}
