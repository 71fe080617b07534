import type { Moment, MomentComment, UserId } from '@chasqui/domain';

export interface Replies {
  /** One that was taken back stays: its author was told of it. */
  likes: Map<UserId, { liked: boolean; at: number }>;
  comments: MomentComment[];
}

/** A moment with what was said about it. */
export interface KeptMoment {
  moment: Moment;
  replies: Replies;
}
