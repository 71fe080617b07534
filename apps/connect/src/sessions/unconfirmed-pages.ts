import type { Position, SyncedPage } from '@chasqui/domain';

/** How many pages of a session are remembered. Of older pages only the times are lost. */
const MAX_PAGES = 32;

export interface UnconfirmedPage {
  /** The page holds the positions in (after, upTo]. */
  after: Position;
  upTo: Position;
  /** Monotonic ms. */
  askedAt: number;
  sentAt: number;
}

/** The sync pages of one session that are not confirmed yet. Their times are sent with the confirmation. */
export class UnconfirmedPages {
  #pages: UnconfirmedPage[] = [];

  sent(page: UnconfirmedPage): void {
    this.#pages.push(page);
    if (this.#pages.length > MAX_PAGES) this.#pages.shift();
  }

  /**
   * The pages that a confirmation covers, in the form of its event. Pages that are confirmed to their end are
   * forgotten.
   */
  confirmed(position: Position, now: number): SyncedPage[] {
    const told = this.#pages.filter(({ after }) => after < position);
    this.#pages = this.#pages.filter(({ upTo }) => upTo > position);
    const ms = (at: number) => Math.max(0, Math.round(now - at));
    return told.map(({ after, upTo, askedAt, sentAt }) => [after, upTo, ms(askedAt), ms(sentAt)]);
  }
}
