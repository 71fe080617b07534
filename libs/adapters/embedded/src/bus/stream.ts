import type { LogEntry } from './log-operations.ts';

/** Characters of bodies that all streams together keep in memory (C16). */
export interface TailBudget {
  left: number;
}

/**
 * One shard of one topic: the range of its log, and the bodies that consumers need next. Bodies are kept from some
 * offset on without gaps. When the budget is exhausted, newer bodies are only in the file; they are kept in memory
 * again once consumers have reached the end.
 */
export class Stream {
  readonly id: number;
  readonly shard: number;
  first: number;
  next: number;
  readonly #budget: TailBudget;
  /** Released entries are undefined, so that their bodies are freed. */
  #tail: (LogEntry | undefined)[] = [];
  /** The offset of `#tail[#head]`, and the number of released entries before it. */
  #start: number;
  #head = 0;

  constructor(id: number, shard: number, range: { first: number; next: number }, budget: TailBudget) {
    this.id = id;
    this.shard = shard;
    this.first = range.first;
    this.next = range.next;
    this.#start = range.next;
    this.#budget = budget;
  }

  get #kept(): number {
    return this.#tail.length - this.#head;
  }

  /** Appends a new entry of the log. */
  append(entry: LogEntry): void {
    if (this.#kept === 0) {
      this.#tail = [];
      this.#head = 0;
      this.#start = entry.offset;
    }
    this.next = Math.max(this.next, entry.offset + 1);
    if (this.#start + this.#kept !== entry.offset || this.#budget.left < entry.body.length) return;
    this.#tail.push(entry);
    this.#budget.left -= entry.body.length;
  }

  /** The entry, if it is in memory. */
  entry(offset: number): LogEntry | undefined {
    return offset < this.#start ? undefined : this.#tail[offset - this.#start + this.#head];
  }

  /** No group needs entries below the offset. */
  release(below: number): void {
    while (this.#kept > 0 && this.#start < below) {
      this.#budget.left += this.#tail[this.#head]?.body.length ?? 0;
      this.#tail[this.#head++] = undefined;
      this.#start++;
    }
    if (this.#head > 256 && this.#head * 2 > this.#tail.length) {
      this.#tail = this.#tail.slice(this.#head);
      this.#head = 0;
    }
  }
}
