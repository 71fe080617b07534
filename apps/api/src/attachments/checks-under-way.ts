import { type Attachment, type AttachmentId, type Clock, ImError } from '@chasqui/domain';
import type { Metrics } from '@chasqui/kit';
import { UserWorkUnderWay } from '../http/user-work-under-way.ts';
import type { AttachmentMetrics } from './attachment-metrics.ts';

export interface ChecksOptions {
  /** Checks at once. */
  max: number;
  clock: Clock;
  metrics: Pick<Metrics, 'gauge'>;
  attachmentMetrics: Pick<AttachmentMetrics, 'checks'>;
}

interface Check {
  /** On the monotonic clock, ms. */
  since: number;
  ended: Promise<void>;
}

/**
 * The checks that this process runs. Whoever asks for one that is running waits for its end: a large file takes longer
 * than the answer to one call may.
 */
export class ChecksUnderWay {
  readonly #max: number;
  readonly #shares: UserWorkUnderWay;
  /** `max` at most. */
  readonly #running = new Map<AttachmentId, Check>();
  readonly #clock: Clock;
  readonly #times: AttachmentMetrics['checks'];

  /** One user leaves one of them to others: a file can be made so that its check takes long. */
  constructor({ max, clock, metrics, attachmentMetrics }: ChecksOptions) {
    this.#max = max;
    this.#clock = clock;
    this.#times = attachmentMetrics.checks;
    metrics.gauge('attachment_checks', 'Uploads that are being checked', () => this.#running.size);
    metrics.gauge('attachment_check_oldest_seconds', 'Since when the oldest of them is', () => this.#oldestS());
    this.#shares = new UserWorkUnderWay(Math.max(1, max - 1), 'uploads of yours are being checked');
  }

  /** Errors: `too_fast` beyond the user's share, `overloaded` beyond the bound; those of the check. */
  async run({ id, owner }: Pick<Attachment, 'id' | 'owner'>, check: () => Promise<void>): Promise<void> {
    const running = this.#running.get(id);
    if (running !== undefined) return running.ended;
    if (this.#running.size >= this.#max) {
      throw new ImError('overloaded', 'other uploads are being checked', { retryAfterMs: 1_000 });
    }
    const over = this.#shares.take(owner);
    const since = this.#clock.monotonic();
    const ended = this.#timed(check).finally(() => {
      this.#running.delete(id);
      over();
    });
    this.#running.set(id, { since, ended });
    return ended;
  }

  async #timed(check: () => Promise<void>): Promise<void> {
    const end = this.#times.startTimer();
    try {
      await check();
      end({ result: 'done' });
    } catch (error) {
      end({ result: ImError.from(error).code });
      throw error;
    }
  }

  #oldestS(): number {
    const now = this.#clock.monotonic();
    return Math.max(0, ...[...this.#running.values()].map(({ since }) => (now - since) / 1_000));
  }
}
