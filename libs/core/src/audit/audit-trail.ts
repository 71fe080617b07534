import {
  type AuditAction,
  type AuditEntry,
  auditId,
  type Clock,
  cutText,
  ImError,
  type Random,
  type UserId,
} from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { AuditLog } from '@chasqui/ports';

export interface AuditTrailOptions {
  auditLog: Pick<AuditLog, 'append' | 'trim'>;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Age in ms at which entries are trimmed (C16). Absent: the API trims, as its retention is configured. */
  retentionMs?: number;
}

export interface AuditedAct {
  actor: string;
  action: AuditAction;
  /** Empty: no particular user. */
  target: UserId;
  /** More of what is about to be done: no message content, no secrets. */
  detail?: string;
}

/** Batch size and interval of trimming; the log grows only with acts. */
const MAX_DROPPED = 500;
const TRIM_EVERY_MS = 3_600_000;

/**
 * Records each act of an operator before it is done, so that no act is unrecorded, and afterwards its outcome. If the
 * outcome cannot be written, the act stays recorded as begun.
 */
export class AuditTrail {
  readonly #options: AuditTrailOptions;
  #trimmedAt = Number.NEGATIVE_INFINITY;

  constructor(options: AuditTrailOptions) {
    this.#options = options;
  }

  /**
   * Runs `work`. If its result is a string, that is the outcome's detail. Errors: `store_unavailable`, and `work` was
   * not run; the errors of `work`.
   */
  async record<T>(act: AuditedAct, work: () => Promise<T>): Promise<T> {
    const begunBy = await this.#append(act, { begunBy: '', outcome: 'begun', detail: act.detail ?? '' });
    try {
      const result = await work();
      await this.#end(act, { begunBy, outcome: 'done', detail: typeof result === 'string' ? result : '' });
      return result;
    } catch (error) {
      await this.#end(act, { begunBy, outcome: 'failed', detail: ImError.from(error).code });
      throw error;
    }
  }

  async #append(act: AuditedAct, rest: Pick<AuditEntry, 'begunBy' | 'outcome' | 'detail'>): Promise<string> {
    const { auditLog, clock, random } = this.#options;
    const at = clock.now();
    // Within one millisecond, a `begun` entry sorts before its outcome.
    const entryId = auditId(at, Math.floor((random() + (rest.begunBy === '' ? 0 : 1)) * 2 ** 47));
    await auditLog.append({ ...act, ...rest, entryId, at, detail: cutText(rest.detail, 200) });
    return entryId;
  }

  async #end(act: AuditedAct, rest: Pick<AuditEntry, 'begunBy' | 'outcome' | 'detail'>): Promise<void> {
    const { logger } = this.#options;
    try {
      await this.#append(act, rest);
      await this.#trim();
    } catch (error) {
      logger.warn(
        { err: error, action: act.action, begunBy: rest.begunBy },
        'the result of an action could not be written to the audit log',
      );
    }
  }

  async #trim(): Promise<void> {
    const { auditLog, clock, retentionMs } = this.#options;
    if (retentionMs === undefined || clock.monotonic() - this.#trimmedAt < TRIM_EVERY_MS) return;
    this.#trimmedAt = clock.monotonic();
    while ((await auditLog.trim(clock.now() - retentionMs, MAX_DROPPED)) === MAX_DROPPED);
  }
}
