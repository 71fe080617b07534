import { ChurnMap } from '@chasqui/kit';

interface Node<Key, Value> {
  key: Key;
  value: Value;
  weight: number;
  older: Node<Key, Value> | undefined;
  newer: Node<Key, Value> | undefined;
}

export interface LruMapOptions<Key, Value> {
  maxWeight: number;
  /** Told of each entry that goes because of the bound. */
  evicted?: (key: Key, value: Value) => void;
}

/**
 * A map that holds no more than `maxWeight`: what was not used for longest goes first. A list beside the map gives the
 * oldest at once; a `Map` alone would look through all the places of deleted entries for it.
 */
export class LruMap<Key, Value> {
  readonly #options: LruMapOptions<Key, Value>;
  readonly #nodes = new ChurnMap<Key, Node<Key, Value>>();
  #oldest: Node<Key, Value> | undefined;
  #newest: Node<Key, Value> | undefined;
  #weight = 0;

  constructor(options: LruMapOptions<Key, Value>) {
    this.#options = options;
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** Counts as a use. */
  get(key: Key): Value | undefined {
    const node = this.#nodes.get(key);
    if (node === undefined) return undefined;
    if (node !== this.#newest) {
      this.#unlink(node);
      this.#link(node);
    }
    return node.value;
  }

  /** Counts as a use. A value that is heavier than the whole map is not kept. */
  set(key: Key, value: Value, weight = 1): void {
    this.delete(key);
    const node: Node<Key, Value> = { key, value, weight, older: undefined, newer: undefined };
    this.#nodes.set(key, node);
    this.#link(node);
    this.#weight += weight;
    while (this.#weight > this.#options.maxWeight && this.#oldest !== undefined) {
      const oldest = this.#oldest;
      this.delete(oldest.key);
      this.#options.evicted?.(oldest.key, oldest.value);
    }
  }

  delete(key: Key): void {
    const node = this.#nodes.get(key);
    if (node === undefined) return;
    this.#nodes.delete(key);
    this.#unlink(node);
    this.#weight -= node.weight;
  }

  #link(node: Node<Key, Value>): void {
    node.older = this.#newest;
    node.newer = undefined;
    if (this.#newest === undefined) this.#oldest = node;
    else this.#newest.newer = node;
    this.#newest = node;
  }

  #unlink(node: Node<Key, Value>): void {
    const { older, newer } = node;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    node.older = undefined;
    node.newer = undefined;
  }
}
