import type { Moment, MomentId, NewMoment, UserId } from '@chasqui/domain';

export interface MomentPage {
  /** Only older moments: the last one of the previous page. */
  before?: MomentId;
  limit: number;
}

/**
 * The moments of users. The caller knows who is whose contact. Every call is one transaction; a resolved write survives
 * kill -9. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface MomentStore extends AsyncDisposable {
  /**
   * Stores a moment and assigns the pictures to it. If the author has a post with the same `clientMomentId`, that one
   * is returned, whatever the other fields say. Bound: `MOMENT_LIMITS.maxMomentsPerUser`. Errors, with nothing written:
   * `limit_reached`; `not_found` with the field `pictures` if a picture is not the author's or is already in a moment.
   */
  post(moment: NewMoment): Promise<Moment>;
  /** In the order of the ids; null: no such moment, or no longer. */
  get(momentIds: readonly MomentId[]): Promise<(Moment | null)[]>;
  /**
   * The moments of these authors that `viewer` may see as a contact of theirs, newest first. Viewers always see their
   * own.
   */
  page(viewer: UserId, authors: readonly UserId[], page: MomentPage): Promise<Moment[]>;
  /**
   * Deletes the author's moment with its likes and comments; its pictures become due (`MomentPictures.due`). False: no
   * such moment.
   */
  remove(author: UserId, momentId: MomentId): Promise<boolean>;
  ping(): Promise<void>;
}
