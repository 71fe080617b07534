import type { Clock, Timer } from '@chasqui/domain';
import type { Caller } from '../worker-link/caller.ts';
import type { LogEntry, LogOperations } from './log-operations.ts';

/** Messages moved at a time. */
const LIMIT = 500;
const RETRY_MS = 1_000;
/** The longest timer: the clock that determines when a message is due may be set meanwhile. */
const LONGEST_WAIT_MS = 60_000;

/** Moves delayed messages into the log when they are due. */
export class DelayedMessages {
  /** Never goes back, so that no message waits longer than its delay when the machine's clock is set back. */
  readonly #clock: Clock;
  readonly #log: Caller<LogOperations>;
  readonly #appended: (stream: number, entry: LogEntry) => void;
  /** Unix ms at which the first message is due. */
  #due = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;
  #closed = false;

  constructor(clock: Clock, log: Caller<LogOperations>, appended: (stream: number, entry: LogEntry) => void) {
    this.#clock = clock;
    this.#log = log;
    this.#appended = appended;
  }

  /** The due time of a message that is published now. */
  after(delayMs: number): { at: number; due: number } {
    const at = this.#clock.now();
    return { at, due: at + delayMs };
  }

  /** The first message is due at this time (Unix ms); null: there is none. */
  due(at: number | null): void {
    if (this.#closed || at === null || at >= this.#due) return;
    this.#due = at;
    this.#wait(at - this.#clock.now());
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #wait(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(Math.min(LONGEST_WAIT_MS, Math.max(0, ms)), () => void this.#release());
  }

  async #release(): Promise<void> {
    try {
      const { moved, nextDue } = await this.#log.call('release', { limit: LIMIT, now: this.#clock.now() });
      for (const { stream, ...entry } of moved) this.#appended(stream, entry);
      this.#due = Number.POSITIVE_INFINITY;
      this.due(nextDue);
    } catch {
      if (!this.#closed) this.#wait(RETRY_MS);
    }
  }
}
