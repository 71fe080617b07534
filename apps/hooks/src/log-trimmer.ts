import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ServerEventStore, WebhookStore } from '@chasqui/ports';
import type { HooksSettings } from './settings.ts';

/** Rows dropped in one call, so that the store can do other work in between. */
const MAX_DROPPED = 2_000;

export interface LogTrimmerOptions {
  serverEvents: Pick<ServerEventStore, 'trim'>;
  webhooks: Pick<WebhookStore, 'trimDeadLetters'>;
  clock: Clock;
  logger: Logger;
  settings: HooksSettings;
}

/** Periodically drops server events and dead letters beyond the retention (C16). Several processes share the work. */
export class LogTrimmer implements Disposable {
  readonly #options: LogTrimmerOptions;
  #timer: Timer | undefined;
  #isDisposed = false;

  constructor(options: LogTrimmerOptions) {
    this.#options = options;
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    if (this.#isDisposed) return;
    const { clock, settings } = this.#options;
    this.#timer = clock.after(settings.trimEveryMs, () => void this.#trim().finally(() => this.#schedule()));
  }

  async #trim(): Promise<void> {
    const { serverEvents, webhooks, clock, logger, settings } = this.#options;
    const { retentionMs, maxEvents, deadLetterRetentionMs } = settings;
    const limit = MAX_DROPPED;
    try {
      await this.#all(() => serverEvents.trim({ olderThan: clock.now() - retentionMs, maxEvents, limit }));
      await this.#all(() => webhooks.trimDeadLetters(clock.now() - deadLetterRetentionMs, limit));
    } catch (error) {
      logger.warn({ err: error }, 'old server events could not be deleted: retrying later');
    }
  }

  async #all(drop: () => Promise<number>): Promise<void> {
    while ((await drop()) === MAX_DROPPED && !this.#isDisposed);
  }
}
