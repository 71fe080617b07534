import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { UpdateLog } from '@chasqui/ports';

const ROUND_MS = 60_000;
/** Entries dropped in one call: few enough not to delay anybody's writes. */
const CHUNK = 1_000;

export interface LogTrimmerOptions {
  clock: Clock;
  logs: UpdateLog;
  logger: Logger;
  /** Age, in ms, beyond which log entries are dropped (C16). A device that comes back later gets a reset (C10). */
  retentionMs: number;
}

/** Keeps logs within their retention. Messages stay in the history. */
export class LogTrimmer implements AsyncDisposable {
  readonly #options: LogTrimmerOptions;
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: LogTrimmerOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(ROUND_MS, () => {
      this.#round = this.#trim().finally(() => this.start());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  async #trim(): Promise<void> {
    const { clock, logs, retentionMs, logger } = this.#options;
    try {
      while (!this.#stopped && (await logs.trim(clock.now() - retentionMs, CHUNK)) >= CHUNK);
    } catch (error) {
      logger.debug({ err: error }, 'logs could not be trimmed: retrying later');
    }
  }
}
