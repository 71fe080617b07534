import type { Database } from './database.ts';

/** How far a copy has come. */
export type CopyState = { type: 'running' } | { type: 'done' } | { type: 'failed'; reason: string };

/**
 * Copies an engine's file while it is in use. Started and polled by separate calls, as a copy may outlast a call's
 * timeout.
 */
export type CopyOperations = {
  /** Starts a copy to the path; commits made meanwhile are in it too. */
  'copy.start'(path: string): null;
  /** The state of the copy that was started last. */
  'copy.state'(args: null): CopyState;
};

/**
 * Copies an engine's file, some pages per step. SQLite copies in another thread, and refuses to while a transaction of
 * this thread is open. So calls that arrive meanwhile run between two steps: `between` is called there, and at the end.
 */
export class FileCopier {
  readonly #db: Database;
  readonly #between: () => void;
  #state: CopyState = { type: 'failed', reason: 'no copy was begun' };

  constructor(db: Database, between: () => void) {
    this.#db = db;
    this.#between = between;
  }

  get isCopying(): boolean {
    return this.#state.type === 'running';
  }

  /** Answers a call. Called outside transactions. */
  answer(op: keyof CopyOperations, args: unknown): null | CopyState {
    if (op === 'copy.state') return this.#state;
    if (!this.isCopying) void this.#copy(args as string);
    return null;
  }

  async #copy(path: string): Promise<void> {
    this.#state = { type: 'running' };
    try {
      await this.#db.copyTo(path, this.#between);
      this.#state = { type: 'done' };
    } catch (error) {
      this.#state = { type: 'failed', reason: (error as Error).message };
    }
    this.#between();
  }
}

export function isCopyCall(op: string): op is keyof CopyOperations {
  return op === 'copy.start' || op === 'copy.state';
}
