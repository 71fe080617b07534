import type { Moment, MomentComment, UserId } from '@chasqui/domain';

export interface Replies {
  /** A like that was taken back is kept, as its author was told of it. */
  likes: Map<UserId, { liked: boolean; at: number }>;
  comments: MomentComment[];
}

/** A moment with its likes and comments. */
export interface KeptMoment {
  moment: Moment;
  replies: Replies;
}
