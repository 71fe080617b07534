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
    const { clock, lists, logger } = this.#options;
    for (const list of lists) {
      try {
        for (let isMore = true; isMore && !this.#stopped; ) {
          const due = await list.due(clock.now(), CHUNK);
          const gone = await this.#removeAll(due, list);
          await list.strike(gone);
          isMore = due.length === CHUNK && gone.length === CHUNK;
        }
      } catch (error) {
        logger.warn({ err: error }, 'blobs could not be deleted: retrying later');
      }
    }
  }

  async #removeAll(due: readonly BlobKey[], { keysOf }: BlobList): Promise<BlobKey[]> {
    const { blobs, logger } = this.#options;
    const gone: BlobKey[] = [];
    for (const key of due) {
      try {
        for (const each of keysOf?.(key) ?? [key]) await blobs.remove(each);
        gone.push(key);
      } catch (error) {
        logger.warn({ err: error, key }, 'a blob could not be deleted: retrying later');
        break;
      }
    }
    return gone;
  }
}
