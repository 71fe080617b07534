import type { Logger } from '@chasqui/kit';
import type { Database } from '../engine/index.ts';

/** Trim once per so many recorded messages. */
const EVERY = 1_000;
/** Maximum expired keys removed per trim. Higher than `EVERY`, so that trimming keeps up. */
const AT_MOST = 2_000;
const TRIM = 'DELETE FROM dedup WHERE at <= ? ORDER BY at LIMIT ?';

/**
 * Keeps the table of first recordings within the dedup window (C16), in small steps, concurrently with recording calls.
 */
export class DedupTrimmer {
  readonly #database: Database;
  readonly #windowMs: number;
  readonly #logger: Logger;
  #recorded = EVERY;
  #running = false;

  constructor(database: Database, windowMs: number, logger: Logger) {
    this.#database = database;
    this.#windowMs = windowMs;
    this.#logger = logger;
  }

  recorded(messages: number): void {
    this.#recorded += messages;
    if (this.#recorded < EVERY || this.#running) return;
    this.#recorded = 0;
    this.#running = true;
    const until = this.#database.clock.now() - this.#windowMs;
    this.#database
      .run({ sql: TRIM, values: [until, AT_MOST] })
      .catch((error) =>
        this.#logger.debug({ err: error }, 'MySQL: expired dedup rows could not be removed: retrying later'),
      )
      .finally(() => {
        this.#running = false;
      });
  }
}
