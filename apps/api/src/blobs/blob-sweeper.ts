import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { BlobKey, BlobStore } from '@chasqui/ports';

/** What says which blobs there should be. */
export interface BlobList {
  /** Blobs that are to be deleted, at most `limit`, again and again until they are struck. */
  due(now: number, limit: number): Promise<readonly BlobKey[]>;
  /** All blobs that go with one. Absent: it is alone. */
  keysOf?(key: BlobKey): readonly BlobKey[];
  strike(keys: readonly BlobKey[]): Promise<void>;
}

export interface BlobSweeperOptions {
  clock: Clock;
  lists: readonly BlobList[];
  blobs: Pick<BlobStore, 'remove'>;
  logger: Logger;
}

const ROUND_MS = 60_000;
const CHUNK = 100;
/** So many that cannot be removed end a list's round: the store may be away. */
const MAX_FAILURES = 100;
/** Blobs of a list that could not be removed. The next round begins behind them, and tries them again at its end. */
const MAX_STUCK = 10_000;

/**
 * Deletes the blobs that nothing needs any more: pictures of deleted moments and those that were never posted,
 * attachments that no message carries. The bytes go first, then their record, so that no blob is left behind (C16).
 * Several API processes may do it in parallel.
 */
export class BlobSweeper implements AsyncDisposable {
  readonly #options: BlobSweeperOptions;
  /** Why each could not be removed; those that were tried last are at the end. */
  readonly #stuck = new Map<BlobList, Map<BlobKey, unknown>>();
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: BlobSweeperOptions) {
    this.#options = options;
    for (const list of options.lists) this.#stuck.set(list, new Map());
  }

  /** Blobs that could not be removed so far. */
  get stuck(): number {
    return [...this.#stuck.values()].reduce((sum, { size }) => sum + size, 0);
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(ROUND_MS, () => {
      this.#round = this.#sweep().finally(() => this.start());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  async #sweep(): Promise<void> {
    const { logger } = this.#options;
    for (const [list, stuck] of this.#stuck) {
      try {
        const before = [...stuck.keys()];
        const failures = await this.#removeNew(list, stuck);
        await this.#removeStuck(list, stuck, { keys: before, failures });
      } catch (error) {
        logger.warn({ err: error }, 'blobs could not be deleted: retrying later');
      }
      const [first] = stuck;
      if (first === undefined) continue;
      const [key, err] = first;
      logger.warn({ err, key, count: stuck.size }, 'blobs could not be deleted: retrying later');
    }
  }

  /** Those that were not tried before, behind all that were. Returns how many cannot be removed. */
  async #removeNew(list: BlobList, stuck: Map<BlobKey, unknown>): Promise<number> {
    let failures = 0;
    for (let isMore = stuck.size < MAX_STUCK; isMore; ) {
      const limit = CHUNK + stuck.size;
      const due = await list.due(this.#options.clock.now(), limit);
      const gone: BlobKey[] = [];
      for (const key of due) {
        if (this.#stopped || failures === MAX_FAILURES) break;
        if (stuck.has(key)) continue;
        const error = await this.#remove(key, list);
        if (error === undefined) gone.push(key);
        else {
          stuck.set(key, error);
          failures++;
        }
      }
      await list.strike(gone);
      isMore = due.length === limit && !this.#stopped && failures < MAX_FAILURES && stuck.size < MAX_STUCK;
    }
    return failures;
  }

  /** Those that could not be removed in earlier rounds, until a round's failures are reached. */
  async #removeStuck(
    list: BlobList,
    stuck: Map<BlobKey, unknown>,
    { keys, failures }: { keys: readonly BlobKey[]; failures: number },
  ): Promise<void> {
    const gone: BlobKey[] = [];
    let left = MAX_FAILURES - failures;
    for (const key of keys) {
      if (this.#stopped || left === 0) break;
      const error = await this.#remove(key, list);
      if (error === undefined) gone.push(key);
      else {
        stuck.delete(key);
        stuck.set(key, error);
        left--;
      }
    }
    for (let from = 0; from < gone.length; from += CHUNK) {
      const struck = gone.slice(from, from + CHUNK);
      await list.strike(struck);
      for (const key of struck) stuck.delete(key);
    }
  }

  /** Resolves to why it could not be removed. */
  async #remove(key: BlobKey, { keysOf }: BlobList): Promise<unknown> {
    try {
      for (const each of keysOf?.(key) ?? [key]) await this.#options.blobs.remove(each);
      return undefined;
    } catch (error) {
      return error ?? new Error('no reason is given');
    }
  }
}
