/** Where consecutive entries of a stream are. */
export interface IndexedSpan {
  /** The number of the batch. */
  batch: number;
  /** The offset of the first entry. */
  first: number;
  count: number;
  /** When its newest entry was published, in Unix ms. */
  publishedAt: number;
  characters: number;
}

const WIDTH = 5;

/** The spans of one stream in the order of their offsets, as numbers in one array: a backlog may have many. */
export class SpanIndex {
  #values: number[] = [];
  #head = 0;

  get isEmpty(): boolean {
    return this.#head === this.#values.length;
  }

  /** The first span. */
  get first(): IndexedSpan | undefined {
    return this.isEmpty ? undefined : this.#at(this.#head);
  }

  /** One above the last offset; 0: there are no spans. */
  get end(): number {
    if (this.isEmpty) return 0;
    const { first, count } = this.#at(this.#values.length - WIDTH);
    return first + count;
  }

  add({ batch, first, count, publishedAt, characters }: IndexedSpan): void {
    this.#values.push(batch, first, count, publishedAt, characters);
  }

  /** Removes the first span. */
  shift(): void {
    this.#head += WIDTH;
    if (this.#head < 1_024 * WIDTH || this.#head * 2 < this.#values.length) return;
    this.#values = this.#values.slice(this.#head);
    this.#head = 0;
  }

  /** The spans with entries from an offset on. */
  *from(offset: number): Iterable<IndexedSpan> {
    let low = this.#head / WIDTH;
    let high = this.#values.length / WIDTH;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { first, count } = this.#at(middle * WIDTH);
      if (first + count <= offset) low = middle + 1;
      else high = middle;
    }
    for (let at = low * WIDTH; at < this.#values.length; at += WIDTH) yield this.#at(at);
  }

  #at(at: number): IndexedSpan {
    const [batch = 0, first = 0, count = 0, publishedAt = 0, characters = 0] = this.#values.slice(at, at + WIDTH);
    return { batch, first, count, publishedAt, characters };
  }
}
