import { type Attachment, type AttachmentId, type Clock, ImError } from '@chasqui/domain';
import type { Metrics } from '@chasqui/kit';
import { FairQueue } from '../http/fair-queue.ts';
import { UserWorkUnderWay } from '../http/user-work-under-way.ts';
import type { ApiSettings } from '../settings.ts';
import type { AttachmentMetrics } from './attachment-metrics.ts';

export interface ChecksOptions {
  settings: Pick<ApiSettings, 'maxChecks' | 'maxWaitingChecks' | 'maxCheckWaitMs'>;
  clock: Clock;
  metrics: Pick<Metrics, 'gauge'>;
  attachmentMetrics: Pick<AttachmentMetrics, 'checks'>;
}

/**
 * The checks that this process runs, and those that wait, their owners in turn: whoever floods it delays another by a
 * running check. Whoever asks for one that is under way waits for its end: a large file takes longer than the answer to
 * one call may.
 */
export class ChecksUnderWay {
  readonly #queue: FairQueue;
  readonly #shares: UserWorkUnderWay;
  /** Those that run or wait. */
  readonly #underWay = new Map<AttachmentId, Promise<void>>();
  /** When those that run began, on the monotonic clock, ms. `maxChecks` at most. */
  readonly #running = new Map<AttachmentId, number>();
  readonly #clock: Clock;
  readonly #times: AttachmentMetrics['checks'];

  /** One user leaves one of the places to others: a file can be made so that its check takes long. */
  constructor({ settings, clock, metrics, attachmentMetrics }: ChecksOptions) {
    const { maxChecks, maxWaitingChecks, maxCheckWaitMs } = settings;
    const share = Math.max(1, maxChecks - 1);
    this.#clock = clock;
    this.#times = attachmentMetrics.checks;
    metrics.gauge('attachment_checks', 'Uploads that are being checked', () => this.#running.size);
    metrics.gauge('attachment_check_oldest_seconds', 'Since when the oldest of them is', () => this.#oldestS());
    this.#shares = new UserWorkUnderWay(share, 'uploads of yours are being checked');
    this.#queue = new FairQueue(
      {
        max: maxChecks,
        maxWaiting: maxWaitingChecks,
        maxWaitingEach: share,
        maxWaitMs: maxCheckWaitMs,
        firstGuessMs: 300,
        refusal: 'other uploads are being checked',
      },
      clock,
    );
  }

  /** Errors: `too_fast` beyond the user's share, `overloaded` beyond the bounds; those of the check. */
  async run({ id, owner }: Pick<Attachment, 'id' | 'owner'>, check: () => Promise<void>): Promise<void> {
    const underWay = this.#underWay.get(id);
    if (underWay !== undefined) return underWay;
    const over = this.#shares.take(owner);
    const ended = this.#queue
      .run({ owner }, () => this.#begun(id, check))
      .finally(() => {
        this.#underWay.delete(id);
        over();
      });
    this.#underWay.set(id, ended);
    return ended;
  }

  async #begun(id: AttachmentId, check: () => Promise<void>): Promise<void> {
    this.#running.set(id, this.#clock.monotonic());
    try {
      await this.#timed(check);
    } finally {
      this.#running.delete(id);
    }
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
    return Math.max(0, ...[...this.#running.values()].map((since) => (now - since) / 1_000));
  }
}
