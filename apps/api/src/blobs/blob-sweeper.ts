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
/** So many that cannot be removed end a round: the store may be away. */
const MAX_STUCK = 100;

/**
 * Deletes the blobs that nothing needs any more: pictures of deleted moments and those that were never posted,
 * attachments that no message carries. The bytes go first, then their record, so that no blob is left behind (C16).
 * Several API processes may do it in parallel.
 */
export class BlobSweeper implements AsyncDisposable {
  readonly #options: BlobSweeperOptions;
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: BlobSweeperOptions) {
    this.#options = options;
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
    for (const list of this.#options.lists) {
      const stuck = new Map<BlobKey, unknown>();
      try {
        await this.#empty(list, stuck);
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'blobs could not be deleted: retrying later');
      }
      const [first] = stuck;
      if (first === undefined) continue;
      const [key, err] = first;
      this.#options.logger.warn({ err, key, count: stuck.size }, 'blobs could not be deleted: retrying later');
    }
  }

  /** `stuck`: takes those that cannot be removed, and why. They do not keep those behind them. */
  async #empty(list: BlobList, stuck: Map<BlobKey, unknown>): Promise<void> {
    for (let isMore = true; isMore; ) {
      const limit = CHUNK + stuck.size;
      const due = await list.due(this.#options.clock.now(), limit);
      const gone: BlobKey[] = [];
      for (const key of due) {
        if (this.#stopped || stuck.size === MAX_STUCK) break;
        if (stuck.has(key)) continue;
        const error = await this.#remove(key, list);
        if (error === undefined) gone.push(key);
        else stuck.set(key, error);
      }
      await list.strike(gone);
      isMore = due.length === limit && !this.#stopped && stuck.size < MAX_STUCK;
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
