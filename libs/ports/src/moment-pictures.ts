import type { Picture, PictureId, UserId } from '@chasqui/domain';

/**
 * The list of the pictures in the blob store: noted here before their bytes are put there, struck off after they are gone
 * from there, so that no blob is forgotten. A picture is in no moment until one is posted with it. What is resolved
 * survives kill -9. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface MomentPictures extends AsyncDisposable {
  /** Bound, of those in no moment yet: `MOMENT_LIMITS.maxUnpostedPictures` for each owner. Errors: `limit_reached`. */
  note(owner: UserId, picture: Picture, at: number): Promise<void>;
  /**
   * Pictures whose bytes are to be deleted: of moments that are deleted, and those in no moment that were noted before
   * `unpostedBefore` (Unix ms), which no moment can take from now on. At most `limit`; the same again until they are struck.
   */
  due(unpostedBefore: number, limit: number): Promise<PictureId[]>;
  /** Their bytes are gone. Those that are not due stay. */
  strike(pictureIds: readonly PictureId[]): Promise<void>;
  ping(): Promise<void>;
}
