import type { SessionCutOffs } from '@chasqui/core';
import { type Clock, ImError } from '@chasqui/domain';
import type { Session } from './session.ts';

/**
 * How often an open session's token is checked again, in ms. It bounds how long a session outlives its cut-off when no
 * notice of it arrived.
 */
const REVIEW_EVERY_MS = 60_000;

/**
 * Ends sessions whose token was revoked after it was checked. A cut-off closes the connections that presence knows of,
 * which misses a log-in in progress and sessions on an unreachable node. So the store is asked again right after
 * presence has registered a session, and once a minute from then on, in batches and with one call in flight. The
 * session ends as if its token had expired: a client with valid tokens, such as the one that changed the password, logs
 * in again.
 */
export class SessionReviews {
  readonly #cutOffs: Pick<SessionCutOffs, 'checkAgain'>;
  readonly #clock: Clock;

  constructor({ cutOffs, clock }: { cutOffs: Pick<SessionCutOffs, 'checkAgain'>; clock: Clock }) {
    this.#cutOffs = cutOffs;
    this.#clock = clock;
  }

  /** Never rejects: while the store is away, sessions stay open. */
  async review(session: Session): Promise<void> {
    if (session.claims === null) return;
    session.reviewedAt = this.#clock.monotonic();
    try {
      await this.#cutOffs.checkAgain(session.claims, session.deviceId);
    } catch (error) {
      const refusal = ImError.from(error);
      const { code, retry } = refusal;
      if (code === 'user_disabled') {
        session.sendError(refusal);
        session.close('user_disabled');
      } else if (retry === 'never') session.kick('token_expired');
    }
  }

  reviewIfDue(session: Session): void {
    if (this.#clock.monotonic() - session.reviewedAt >= REVIEW_EVERY_MS) void this.review(session);
  }
}
