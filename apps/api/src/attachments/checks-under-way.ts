import { type AttachmentId, ImError } from '@chasqui/domain';

/**
 * The checks that this process runs. Whoever asks for one that is running waits for its end: a large file takes longer
 * than the answer to one call may.
 */
export class ChecksUnderWay {
  readonly #max: number;
  /** `max` at most. */
  readonly #running = new Map<AttachmentId, Promise<void>>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Errors: `overloaded` beyond the bound; those of the check. */
  async run(id: AttachmentId, check: () => Promise<void>): Promise<void> {
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    if (this.#running.size >= this.#max) {
      throw new ImError('overloaded', 'other uploads are being checked', { retryAfterMs: 1_000 });
    }
    const checking = check().finally(() => this.#running.delete(id));
    this.#running.set(id, checking);
    return checking;
  }
}
