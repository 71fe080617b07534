import type { Picture, PictureId, UserId } from '@chasqui/domain';

/**
 * The list of pictures in the blob store. A picture is listed before its bytes are put there and until they are
 * deleted, so that no blob is orphaned. It is in no moment until one is posted with it. A resolved write survives kill
 * -9. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface MomentPictures extends AsyncDisposable {
  /**
   * Adds a picture. Bound of each owner's pictures that are in no moment yet: `MOMENT_LIMITS.maxUnpostedPictures`.
   * Errors: `limit_reached`.
   */
  note(owner: UserId, picture: Picture, at: number): Promise<void>;
  /**
   * Pictures whose bytes are to be deleted: those of deleted moments, and those in no moment that were added before
   * `unpostedBefore` (Unix ms), which can no longer be posted. At most `limit`; repeated calls return the same ones
   * until they are struck.
   */
  due(unpostedBefore: number, limit: number): Promise<PictureId[]>;
  /** Those of these pictures that are listed, in any order. */
  known(pictureIds: readonly PictureId[]): Promise<PictureId[]>;
  /** Removes pictures whose bytes are deleted. Pictures that are not due stay. */
  strike(pictureIds: readonly PictureId[]): Promise<void>;
  ping(): Promise<void>;
}
