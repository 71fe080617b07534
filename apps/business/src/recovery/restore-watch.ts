import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ProgressWitness, StoreProgress } from '@chasqui/ports';

const ROUND_MS = 1_000;
/** So long `degraded` names a restore that was noticed, milliseconds. */
const TELL_MS = 3_600_000;
const FOUND =
  'the database went back in time (a backup was restored, or a lagging replica took over): ' +
  'every inbox got a new epoch, so that each device syncs its whole inbox again. ' +
  'Now run: npx chasqui unread --check --repair, and: npx chasqui reindex';

export interface RestoreWatchOptions {
  clock: Clock;
  logger: Logger;
  /** Without both of these nothing is noticed: the embedded engines do it by themselves. */
  store: StoreProgress | undefined;
  witness: ProgressWitness | undefined;
}

/**
 * Notices that the store has gone back in time (C10): a witness outside of it remembers how far it had come. The witness is
 * asked before the store and told after its commit, so that it never names more than the store had at that moment.
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

  /** Looks once, at once, and then each second. Never fails: an engine that is away is asked again. */
  async start(): Promise<void> {
    const { store, witness, clock } = this.#options;
    if (store === undefined || witness === undefined) return;
    this.#round = this.#look(store, witness);
    await this.#round;
    if (!this.#stopped) this.#timer = clock.after(ROUND_MS, () => void this.start());
  }

  /** That a restore was noticed, in words, for an hour. */
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
      // The store got another id meanwhile: the next round asks for that.
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
