import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';

/** An upgrade that takes no longer than this is not reported, in ms. */
const SHORT_MS = 1_000;
/** The interval of the progress lines, in ms. */
const INTERVAL_MS = 5_000;

interface UpgradeReportParts {
  /** The path of the file. */
  file: string;
  clock: Clock;
  logger: Logger;
}

/**
 * Logs that a file is upgraded to this version, its progress and its end, unless it is a matter of a moment. The level
 * is `warn`, which `npm start` shows: a server that does not answer yet must say why.
 */
export class UpgradeReport {
  readonly #parts: UpgradeReportParts;
  #timer: Timer | undefined;
  #startedAt = 0;
  #done = '';
  #isLong = false;

  constructor(parts: UpgradeReportParts) {
    this.#parts = parts;
  }

  /** The upgrade has begun, or has got so far. */
  progress(done: string): void {
    const { clock } = this.#parts;
    this.#done = done;
    if (this.#timer !== undefined) return;
    this.#startedAt = clock.monotonic();
    this.#timer = clock.after(SHORT_MS, () => {
      this.#isLong = true;
      this.#log(
        'a file is being upgraded to this version; the server answers when this is done. Older versions cannot use the file ' +
          'afterwards: going back needs a backup that the older version made before. If this process is killed, the file ' +
          'stays as it was, and the next start goes on',
      );
      this.#repeat();
    });
  }

  /** The file is open. */
  finished(): void {
    this.stop();
    if (this.#isLong) this.#log('a file has been upgraded to this version');
  }

  /** The worker has ended, or is open. */
  stop(): void {
    this.#timer?.cancel();
  }

  #repeat(): void {
    this.#timer = this.#parts.clock.after(INTERVAL_MS, () => {
      this.#log('a file is still being upgraded to this version');
      this.#repeat();
    });
  }

  #log(text: string): void {
    const { file, clock, logger } = this.#parts;
    const seconds = Math.round((clock.monotonic() - this.#startedAt) / 1_000);
    logger.warn({ file, done: this.#done, seconds }, text);
  }
}
