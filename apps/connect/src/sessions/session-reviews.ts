import type { SessionCutOffs } from '@chasqui/core';
import { type Clock, ImError } from '@chasqui/domain';
import type { Session } from './session.ts';

/** How often an open session is looked at again, in ms: bounds how long one outlives its cut-off that nobody could tell. */
const REVIEW_EVERY_MS = 60_000;

/**
 * Ends sessions whose token was revoked after it was checked. Who ends sessions closes the connections that presence
 * knows of; a log-in that was being answered at that moment is not among them, nor is one on a node that cannot be reached.
 * So the store is asked again right after presence knows of a session, and from then on once a minute; in batches, and never
 * by more than one call at a time. It ends like one whose token has run out: a client that has good tokens, as the one that
 * changed the password, comes back with them.
 */
export class SessionReviews {
  readonly #cutOffs: Pick<SessionCutOffs, 'checkAgain'>;
  readonly #clock: Clock;

  constructor({ cutOffs, clock }: { cutOffs: Pick<SessionCutOffs, 'checkAgain'>; clock: Clock }) {
    this.#cutOffs = cutOffs;
    this.#clock = clock;
  }

  /** Never rejects: while the store is away, sessions stay. */
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
