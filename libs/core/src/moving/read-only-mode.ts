import { type Clock, decodeMoveNote, ImError } from '@chasqui/domain';
import { type Logger, withDeadline } from '@chasqui/kit';
import type { MovableStore } from '@chasqui/ports';

/** How old what is known may be, in ms: within this time, and that of a read, a change is noticed. */
const FRESH_MS = 2_000;
/** How long a change waits for the answer of the store, in ms: it may need no store itself (C11). */
const READ_MS = 500;
/** When a client may try again: a move takes minutes at least. */
const RETRY_AFTER_MS = 30_000;

export interface ReadOnlyModeOptions {
  /** Absent: the store is never moved. */
  movable?: Pick<MovableStore, 'note'>;
  clock: Clock;
  logger: Logger;
}

/** Whether users may change anything: not while the server finishes its work before it is moved. */
export class ReadOnlyMode {
  readonly #options: ReadOnlyModeOptions;
  #isOn = false;
  #freshUntil = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(options: ReadOnlyModeOptions) {
    this.#options = options;
  }

  /**
   * Reads it anew if what is known is too old. Never rejects: while the store is away or slow, the last known counts. A
   * change that slips through is copied like all before it, as the copying begins when no app runs.
   */
  async refresh(): Promise<void> {
    const { clock } = this.#options;
    if (clock.monotonic() < this.#freshUntil) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await withDeadline(clock, READ_MS, this.#reading, () => new ImError('deadline_exceeded', 'a slow store')).catch(
      () => {
        this.#freshUntil = clock.monotonic() + FRESH_MS;
      },
    );
  }

  /** By what is known. Errors: `read_only`. */
  refuseChange(): void {
    if (!this.#isOn) return;
    const message = 'this server is being moved and takes no changes: try again later';
    throw new ImError('read_only', message, { retryAfterMs: RETRY_AFTER_MS });
  }

  async #read(): Promise<void> {
    const { movable, clock, logger } = this.#options;
    try {
      const note = (await movable?.note()) ?? null;
      this.#isOn = note !== null && decodeMoveNote(note).side === 'from';
    } catch (error) {
      logger.debug({ err: error }, 'it is unknown whether the server is being moved: going by the last known');
    }
    this.#freshUntil = clock.monotonic() + FRESH_MS;
  }
}
