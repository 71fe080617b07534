import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ProgressWitness, StoreProgress } from '@chasqui/ports';

const ROUND_MS = 1_000;
/** How long `degraded` reports a restore after it was noticed, in ms. */
const TELL_MS = 3_600_000;
const FOUND =
  'the database went back in time (a backup was restored, or a lagging replica took over): ' +
  'every inbox got a new epoch, so that each device syncs its whole inbox again. ' +
  'Now run: npx chasqui unread --check --repair, and: npx chasqui reindex';

export interface RestoreWatchOptions {
  clock: Clock;
  logger: Logger;
  /** Unless both are given, nothing is noticed: the embedded engines detect restores themselves. */
  store: StoreProgress | undefined;
  witness: ProgressWitness | undefined;
}

/**
 * Notices that the store was restored to an earlier state (C10): a witness outside it remembers its progress. The
 * witness is read before the store and written after the store's commit, so that it is never ahead of the store.
 */
export class RestoreWatch implements AsyncDisposable {
  readonly #options: RestoreWatchOptions;
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;
  /** Monotonic ms. */
  #foundAt = Number.NEGATIVE_INFINITY;

  constructor(options: RestoreWatchOptions) {
    this.#options = options;
  }

  /** Checks at once, and then every second. Never fails: an engine that is away is asked again. */
  async start(): Promise<void> {
    const { store, witness, clock } = this.#options;
    if (store === undefined || witness === undefined) return;
    this.#round = this.#look(store, witness);
    await this.#round;
    if (!this.#stopped) this.#timer = clock.after(ROUND_MS, () => void this.start());
  }

  /** Reports a restore for an hour after it was noticed. */
  degraded(): string[] {
    return this.#options.clock.monotonic() - this.#foundAt < TELL_MS ? [FOUND] : [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  async #look(store: StoreProgress, witness: ProgressWitness): Promise<void> {
    const { logger, clock } = this.#options;
    try {
      const storeId = await store.storeId();
      const witnessed = await witness.witnessed(storeId);
      const progress = await store.advance(storeId, witnessed);
      // The store got another id in the meantime: the next round asks for that one.
      if (progress === null) return;
      if (progress.wentBack) {
        this.#foundAt = clock.monotonic();
        logger.error({ before: storeId, epoch: progress.storeId }, FOUND);
      }
      await witness.remember(progress.storeId, progress.count);
    } catch (error) {
      logger.debug({ err: error }, 'whether the store was set back cannot be checked: retrying later');
    }
  }
}
