/** One bus message in a shard's log. */
export interface LogMessage {
  offset: number;
  body: string;
  /** Unix ms. */
  publishedAt: number;
}

/** The kept messages of one shard, by contiguous offsets from 0, and the delayed ones that have no offset yet. */
export class ShardLog {
  readonly #messages = new Map<number, LogMessage>();
  readonly #delayed = new Set<{ body: string; publishedAt: number }>();
  #oldest = 0;
  #head = 0;
  #bytes = 0;

  /** Offset of the oldest kept message. */
  get oldest(): number {
    return this.#oldest;
  }

  /** The offset that the next message gets. */
  get head(): number {
    return this.#head;
  }

  /** UTF-16 code units of all kept bodies, times two. */
  get bytes(): number {
    return this.#bytes;
  }

  append(body: string, publishedAt: number): void {
    this.#messages.set(this.#head, { offset: this.#head, body, publishedAt });
    this.#head++;
    this.#bytes += body.length * 2;
  }

  /** Keeps a message outside the log; the returned function appends it. */
  delay(body: string, publishedAt: number): () => void {
    const delayed = { body, publishedAt };
    this.#delayed.add(delayed);
    this.#bytes += body.length * 2;
    return () => {
      this.#delayed.delete(delayed);
      this.#bytes -= body.length * 2;
      this.append(body, publishedAt);
    };
  }

  slice(from: number, count: number): LogMessage[] {
    const messages: LogMessage[] = [];
    for (let offset = from; offset < Math.min(this.#head, from + count); offset++) {
      const message = this.#messages.get(offset);
      if (message !== undefined) messages.push(message);
    }
    return messages;
  }

  /** How many messages from `from` on are not done, and when the oldest of them was published. */
  waiting(from: number): { count: number; oldestAt: number } {
    const next = this.#messages.get(Math.max(from, this.#oldest));
    let oldestAt = next?.publishedAt ?? Number.POSITIVE_INFINITY;
    for (const { publishedAt } of this.#delayed) oldestAt = Math.min(oldestAt, publishedAt);
    return { count: this.#head - Math.max(from, this.#oldest) + this.#delayed.size, oldestAt };
  }

  /** Drops messages below `offset` that were published at `until` or before. */
  drop(offset: number, until: number): void {
    for (
      let oldest = this.#messages.get(this.#oldest);
      oldest !== undefined;
      oldest = this.#messages.get(this.#oldest)
    ) {
      if (this.#oldest >= offset || oldest.publishedAt > until) return;
      this.#messages.delete(this.#oldest++);
      this.#bytes -= oldest.body.length * 2;
    }
  }
}
