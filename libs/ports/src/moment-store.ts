import type { Moment, MomentId, NewMoment, UserId } from '@chasqui/domain';

export interface MomentPage {
  /** Only older ones: the last of the page before. */
  before?: MomentId;
  limit: number;
}

/**
 * What users show to their contacts. Who is whose contact is the caller's to know. What is resolved survives kill -9. Every
 * call is one transaction. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface MomentStore extends AsyncDisposable {
  /**
   * Keeps a moment and makes the pictures its own; of one author's posts with the same `clientMomentId` the first that was
   * kept is returned, whatever the others say. Bound: `MOMENT_LIMITS.maxMomentsPerUser`. Errors, with nothing written:
   * `limit_reached`; `not_found` with the field `pictures` when a picture is not the author's or is in a moment already.
   */
  post(moment: NewMoment): Promise<Moment>;
  /** In the order asked; null where there is none (any more). */
  get(momentIds: readonly MomentId[]): Promise<(Moment | null)[]>;
  /** Of what these authors posted, what `viewer` may see as one of their contacts: newest first. Own ones are always seen. */
  page(viewer: UserId, authors: readonly UserId[], page: MomentPage): Promise<Moment[]>;
  /** Deletes a moment of that author's with its likes and comments; its pictures are due to go (`MomentPictures.due`). False: there is none. */
  remove(author: UserId, momentId: MomentId): Promise<boolean>;
  ping(): Promise<void>;
}
