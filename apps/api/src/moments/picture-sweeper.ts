import { type Clock, MOMENT_LIMITS, type PictureId, type Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { BlobStore, MomentPictures } from '@chasqui/ports';

export interface PictureSweeperOptions {
  clock: Clock;
  momentPictures: MomentPictures;
  blobs: BlobStore;
  logger: Logger;
}

const ROUND_MS = 60_000;
const CHUNK = 100;

/**
 * Deletes the pictures of deleted moments and those that were never posted. The bytes go first, then their record, so
 * that no blob is left behind (C16). Several API processes may do it in parallel.
 */
export class PictureSweeper implements AsyncDisposable {
  readonly #options: PictureSweeperOptions;
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: PictureSweeperOptions) {
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
    const { clock, momentPictures, logger } = this.#options;
    try {
      for (let isMore = true; isMore && !this.#stopped; ) {
        const due = await momentPictures.due(clock.now() - MOMENT_LIMITS.unpostedPictureMs, CHUNK);
        const gone = await this.#removeAll(due);
        await momentPictures.strike(gone);
        isMore = due.length === CHUNK && gone.length === CHUNK;
      }
    } catch (error) {
      logger.warn({ err: error }, 'pictures could not be deleted: retrying later');
    }
  }

  async #removeAll(due: readonly PictureId[]): Promise<PictureId[]> {
    const { blobs, logger } = this.#options;
    const gone: PictureId[] = [];
    for (const pictureId of due) {
      try {
        await blobs.remove(pictureId);
        gone.push(pictureId);
      } catch (error) {
        logger.warn({ err: error, pictureId }, 'a picture could not be deleted: retrying later');
        break;
      }
    }
    return gone;
  }
}
