import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { PushOutcomes } from '@chasqui/ports';
import type { PushSettings } from './settings.ts';

/** Outcomes dropped in one call, so that the store can do other work in between. */
const MAX_DROPPED = 5_000;

export interface OutcomeTrimmerOptions {
  pushOutcomes: PushOutcomes;
  clock: Clock;
  logger: Logger;
  settings: Pick<PushSettings, 'outcomeRetentionMs' | 'trimEveryMs'>;
}

/** Periodically drops outcomes older than the retention (C16). Several processes may run it; they share the work. */
export class OutcomeTrimmer implements Disposable {
  readonly #options: OutcomeTrimmerOptions;
  #timer: Timer | undefined;
  #disposed = false;

  constructor(options: OutcomeTrimmerOptions) {
    this.#options = options;
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    if (this.#disposed) return;
    const { clock, settings } = this.#options;
    this.#timer = clock.after(settings.trimEveryMs, () => void this.#trim().finally(() => this.#schedule()));
  }

  async #trim(): Promise<void> {
    const { pushOutcomes, clock, logger, settings } = this.#options;
    try {
      let dropped = MAX_DROPPED;
      while (dropped === MAX_DROPPED && !this.#disposed) {
        dropped = await pushOutcomes.trim(clock.now() - settings.outcomeRetentionMs, MAX_DROPPED);
      }
    } catch (error) {
      logger.warn({ err: error }, 'old push outcomes could not be deleted: retrying later');
    }
  }
}
