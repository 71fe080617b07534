import type { BusDelivery } from '@chasqui/ports';
import type { Outcome } from './hub.ts';
import type { LogEntry } from './log-operations.ts';
import type { Stream } from './stream.ts';

/** The maximum of characters in one piece of work, unless one message alone is larger. */
const MAX_CHARACTERS = 4_000_000;
const FIRST_BACKOFF_MS = 100;
const LAST_BACKOFF_MS = 10_000;

/** What follows after work was settled. */
export type Verdict =
  | { type: 'next' }
  /** Hand out the same work again after `afterMs`. */
  | { type: 'again'; afterMs: number }
  /** This one message can never be handled. */
  | { type: 'bury'; offset: number; error: string };

/**
 * One group's progress in one shard. `idle`: messages may be handed out. `held`: a member has it. `reading`: bodies are
 * being read from the file. `waiting`: the back-off after a failure.
 */
export class GroupShard {
  readonly stream: Stream;
  state: 'idle' | 'held' | 'reading' | 'waiting' = 'idle';
  /** The next offset to handle; all lower ones are done. */
  position: number;
  /** Messages below this offset may have been delivered before. */
  #redeliveredBelow: number;
  /** Up to this offset messages are handed out one by one: one of them can never be handled. */
  #singlyBelow = 0;
  /** One past the last message in flight. */
  #handedTo = 0;
  #failures = 0;
  /** Entries read from the file, from some offset on. */
  #loaded: LogEntry[] = [];

  constructor(stream: Stream, position: number, redeliveredBelow: number) {
    this.stream = stream;
    this.position = position;
    this.#redeliveredBelow = redeliveredBelow;
  }

  get hasMore(): boolean {
    return this.position < this.stream.next;
  }

  /** Takes the next messages. Null: their bodies are not in memory; read them and call `load`. */
  take(topic: string, maxBatch: number): BusDelivery[] | null {
    const limit = this.position < this.#singlyBelow ? 1 : maxBatch;
    const batch: BusDelivery[] = [];
    let characters = 0;
    for (let offset = this.position; batch.length < limit; offset++) {
      const entry = this.#entry(offset);
      if (entry === undefined) break;
      characters += entry.body.length;
      if (batch.length > 0 && characters > MAX_CHARACTERS) break;
      const { body, publishedAt } = entry;
      const redelivered = offset < this.#redeliveredBelow;
      batch.push({ id: String(offset), topic, shard: this.stream.shard, body, redelivered, publishedAt });
    }
    if (batch.length === 0) return null;
    this.#handedTo = this.position + batch.length;
    this.state = 'held';
    return batch;
  }

  /** Entries from `position` on, as read from the file. Entries trimmed meanwhile are skipped. */
  load(entries: LogEntry[]): void {
    this.#loaded = entries;
    const first = entries[0]?.offset;
    if (first !== undefined && first > this.position) this.position = first;
  }

  /** The work in flight was settled; the shard becomes idle or waits. */
  settle(outcome: Outcome): Verdict {
    this.state = 'idle';
    const from = this.position;
    const count = this.#handedTo - from;
    if (outcome.type === 'done') {
      this.position = this.#handedTo;
      this.#failures = 0;
      return { type: 'next' };
    }
    this.lost();
    if (outcome.type === 'never' && count === 1) return { type: 'bury', offset: from, error: outcome.error };
    if (outcome.type === 'never') {
      this.#singlyBelow = this.#handedTo;
      return { type: 'again', afterMs: 0 };
    }
    const afterMs = Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(this.#failures++, 20));
    return { type: 'again', afterMs };
  }

  /** The member that held the work is gone. */
  lost(): void {
    this.state = 'idle';
    this.#redeliveredBelow = Math.max(this.#redeliveredBelow, this.#handedTo);
  }

  /** A message that can never be handled was moved to the dead letters. */
  buried(offset: number): void {
    this.position = Math.max(this.position, offset + 1);
    this.#failures = 0;
  }

  #entry(offset: number): LogEntry | undefined {
    const first = this.#loaded[0]?.offset;
    const loaded = first === undefined ? undefined : this.#loaded[offset - first];
    if (loaded === undefined) this.#loaded = [];
    return loaded ?? this.stream.entry(offset);
  }
}
