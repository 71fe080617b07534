import { type Attachment, type AttachmentId, ImError } from '@chasqui/domain';
import { UserWorkUnderWay } from '../http/user-work-under-way.ts';

/**
 * The checks that this process runs. Whoever asks for one that is running waits for its end: a large file takes longer
 * than the answer to one call may.
 */
export class ChecksUnderWay {
  readonly #max: number;
  readonly #shares: UserWorkUnderWay;
  /** `max` at most. */
  readonly #running = new Map<AttachmentId, Promise<void>>();

  /** One user leaves one of them to others: a file can be made so that its check takes long. */
  constructor(max: number) {
    this.#max = max;
    this.#shares = new UserWorkUnderWay(Math.max(1, max - 1), 'uploads of yours are being checked');
  }

  /** Errors: `too_fast` beyond the user's share, `overloaded` beyond the bound; those of the check. */
  async run({ id, owner }: Pick<Attachment, 'id' | 'owner'>, check: () => Promise<void>): Promise<void> {
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    if (this.#running.size >= this.#max) {
      throw new ImError('overloaded', 'other uploads are being checked', { retryAfterMs: 1_000 });
    }
    const over = this.#shares.take(owner);
    const checking = check().finally(() => {
      this.#running.delete(id);
      over();
    });
    this.#running.set(id, checking);
    return checking;
  }
}
