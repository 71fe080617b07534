import type { MomentComment, MomentId, MomentLike, Position, UserId } from '@chasqui/domain';

/**
 * The author of the moment and the position of the author's update; null: there was nothing new, or the author did it.
 */
export interface Told {
  author: UserId;
  position: Position | null;
}

/**
 * Likes and comments. In the same transaction the author of the moment gets a `moment` update in their inbox
 * (`UpdateLog`) about what others do: once per user who likes it, however often that user changes their mind, and once
 * per comment. A resolved write survives kill -9. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface MomentReplies extends AsyncDisposable {
  /** Null: no such moment. Bound: `MOMENT_LIMITS.maxLikesPerMoment`. Errors: `limit_reached`. */
  like(momentId: MomentId, by: UserId, at: number): Promise<Told | null>;
  /** False: the user did not like it. */
  unlike(momentId: MomentId, by: UserId): Promise<boolean>;
  /** Whether the user likes each of the moments, in their order. */
  liked(by: UserId, momentIds: readonly MomentId[]): Promise<boolean[]>;
  /** The likes of a moment, ordered by user id; only users above `after`. */
  likes(momentId: MomentId, page: { after?: UserId; limit: number }): Promise<MomentLike[]>;
  /**
   * Null: no such moment. If the author has a comment with the same `clientCommentId`, that one is returned. Bounds:
   * `MOMENT_LIMITS.maxCommentsPerMoment`, and `maxCommentsPerUser` for one author. Errors: `limit_reached`.
   */
  comment(comment: MomentComment): Promise<(Told & { comment: MomentComment }) | null>;
  /** Deletes a comment if `by` wrote the comment or the moment. False: no such comment. */
  removeComment(momentId: MomentId, commentId: MomentId, by: UserId): Promise<boolean>;
  /** Removes likes and comments of one user on all moments, at most `limit`. Returns how many; nobody is told. */
  removeOf(by: UserId, limit: number): Promise<number>;
  /** Oldest first; only comments after `after`. */
  comments(momentId: MomentId, page: { after?: MomentId; limit: number }): Promise<MomentComment[]>;
  ping(): Promise<void>;
}
