import type { MomentComment, MomentId, MomentLike, Position, UserId } from '@chasqui/domain';

/** Where the author of the moment is told; null: there was nothing new to tell, or it is the author's own doing. */
export interface Told {
  author: UserId;
  position: Position | null;
}

/**
 * Likes and comments. The author of a moment is told of others' in the same transaction, by a `moment` update in the
 * author's inbox (`InboxStore`): once for each user that likes it, however often they change their mind, and once for each
 * comment. What is resolved survives kill -9. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface MomentReplies extends AsyncDisposable {
  /** Null: there is no such moment. Bound: `MOMENT_LIMITS.maxLikesPerMoment`. Errors: `limit_reached`. */
  like(momentId: MomentId, by: UserId, at: number): Promise<Told | null>;
  /** False: it was not liked. */
  unlike(momentId: MomentId, by: UserId): Promise<boolean>;
  /** Which of the moments the user likes, in the order asked. */
  liked(by: UserId, momentIds: readonly MomentId[]): Promise<boolean[]>;
  /** Who likes it, by user id: only those above `after`. */
  likes(momentId: MomentId, page: { after?: UserId; limit: number }): Promise<MomentLike[]>;
  /**
   * Null: there is no such moment. Of one author's with the same `clientCommentId` the first that was kept is returned.
   * Bounds: `MOMENT_LIMITS.maxCommentsPerMoment`, and of one author's `maxCommentsPerUser`. Errors: `limit_reached`.
   */
  comment(comment: MomentComment): Promise<(Told & { comment: MomentComment }) | null>;
  /** Deletes a comment if `by` wrote it or the moment. False: there is none such. */
  removeComment(momentId: MomentId, commentId: MomentId, by: UserId): Promise<boolean>;
  /** Oldest first: only those after `after`. */
  comments(momentId: MomentId, page: { after?: MomentId; limit: number }): Promise<MomentComment[]>;
  ping(): Promise<void>;
}
