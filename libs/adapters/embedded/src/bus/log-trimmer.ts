import type { Clock, Timer } from '@chasqui/domain';
import type { Caller } from '../worker-link/caller.ts';
import type { LogOperations } from './log-operations.ts';
import type { Topics } from './topics.ts';

export interface LogTrimmerOptions {
  clock: Clock;
  log: Caller<LogOperations>;
  topics: Topics;
  retentionMs: number;
}

const EVERY_MS = 5_000;
/** Rows per batch: a batch shares a commit without a noticeable delay. */
const LIMIT = 1_000;
/** The interval between batches while there is more. */
const MORE_MS = 50;

/** Removes handled messages in the background. */
export class LogTrimmer {
  readonly #options: LogTrimmerOptions;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: LogTrimmerOptions) {
    this.#options = options;
    this.#wait(EVERY_MS);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #wait(ms: number): void {
    if (!this.#closed) this.#timer = this.#options.clock.after(ms, () => void this.#trim());
  }

  async #trim(): Promise<void> {
    const { log, topics, retentionMs } = this.#options;
    try {
      const { removed, firsts } = await log.call('trim', { retentionMs, limit: LIMIT });
      for (const { stream, first } of firsts) topics.byId(stream).first = first;
      this.#wait(removed >= LIMIT ? MORE_MS : EVERY_MS);
    } catch {
      // The log reports its errors elsewhere; trimming can wait.
      this.#wait(EVERY_MS);
    }
  }
}
