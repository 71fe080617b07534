import type {
  Moment,
  MomentComment,
  MomentId,
  MomentLike,
  NewMoment,
  Picture,
  PictureId,
  UserId,
} from '@chasqui/domain';
import type { MomentPage, Told } from '@chasqui/ports';

/** The store worker's operations for moments: the ports' methods, by name. */
export type MomentOperations = {
  'moments.post'(args: NewMoment): Moment;
  'moments.get'(args: readonly MomentId[]): (Moment | null)[];
  'moments.page'(args: [viewer: UserId, authors: readonly UserId[], page: MomentPage]): Moment[];
  'moments.remove'(args: [author: UserId, momentId: MomentId]): boolean;
  'momentReplies.like'(args: [momentId: MomentId, by: UserId, at: number]): Told | null;
  'momentReplies.unlike'(args: [momentId: MomentId, by: UserId]): boolean;
  'momentReplies.liked'(args: [by: UserId, momentIds: readonly MomentId[]]): boolean[];
  'momentReplies.likes'(args: [momentId: MomentId, after: UserId, limit: number]): MomentLike[];
  'momentReplies.comment'(args: MomentComment): (Told & { comment: MomentComment }) | null;
  'momentReplies.removeComment'(args: [momentId: MomentId, commentId: MomentId, by: UserId]): boolean;
  'momentReplies.removeOf'(args: [by: UserId, limit: number]): number;
  'momentReplies.comments'(args: [momentId: MomentId, after: MomentId, limit: number]): MomentComment[];
  'momentPictures.note'(args: [owner: UserId, picture: Picture, at: number]): null;
  'momentPictures.due'(args: [unpostedBefore: number, limit: number]): PictureId[];
  'momentPictures.known'(args: readonly PictureId[]): PictureId[];
  'momentPictures.strike'(args: readonly PictureId[]): null;
};

/** The operations of one port. */
export type MomentOperationsOf<Port extends string> = Pick<
  MomentOperations,
  Extract<keyof MomentOperations, `${Port}.${string}`>
>;
