import type { Position, SyncedPage } from '@chasqui/domain';

/** Pages of a session that are remembered; of older ones the times are lost, and nothing else. */
const MAX_PAGES = 32;

export interface UnconfirmedPage {
  /** Its positions are those in (after, upTo]. */
  after: Position;
  upTo: Position;
  /** Monotonic ms. */
  askedAt: number;
  sentAt: number;
}

/** The sync pages of one session that are not confirmed yet: their times travel with the confirmation. */
export class UnconfirmedPages {
  #pages: UnconfirmedPage[] = [];

  sent(page: UnconfirmedPage): void {
    this.#pages.push(page);
    if (this.#pages.length > MAX_PAGES) this.#pages.shift();
  }

  /** Those that a confirmation is about, as its event tells them; what is confirmed to the end is forgotten. */
  confirmed(position: Position, now: number): SyncedPage[] {
    const told = this.#pages.filter(({ after }) => after < position);
    this.#pages = this.#pages.filter(({ upTo }) => upTo > position);
    const ms = (at: number) => Math.max(0, Math.round(now - at));
    return told.map(({ after, upTo, askedAt, sentAt }) => [after, upTo, ms(askedAt), ms(sentAt)]);
  }
}
