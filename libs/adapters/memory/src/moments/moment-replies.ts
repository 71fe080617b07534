import {
  ImError,
  inboxOf,
  MOMENT_LIMITS,
  type Moment,
  type MomentComment,
  type MomentId,
  type MomentUpdate,
  type UserId,
} from '@chasqui/domain';
import type { MomentReplies, Told, UpdateLog } from '@chasqui/ports';

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

export function createMomentReplies(
  kept: ReadonlyMap<MomentId, KeptMoment>,
  logs: Pick<UpdateLog, 'append'>,
): MomentReplies {
  const repliesOf = (momentId: MomentId) => kept.get(momentId)?.replies;
  const tell = async (author: UserId, update: MomentUpdate): Promise<Told> => {
    if (update.by === author) return { author, position: null };
    const [position = null] = await logs.append([{ log: inboxOf(author), update }]);
    return { author, position };
  };
  return {
    async like(momentId, by, at) {
      const one = kept.get(momentId);
      if (one === undefined) return null;
      const { author } = one.moment;
      const { likes } = one.replies;
      const known = likes.get(by);
      if (known !== undefined) {
        if (!known.liked) likes.set(by, { liked: true, at });
        return { author, position: null };
      }
      const { maxLikesPerMoment } = MOMENT_LIMITS;
      if (likes.size >= maxLikesPerMoment) {
        throw new ImError('limit_reached', `likes of a moment: at most ${maxLikesPerMoment}`);
      }
      likes.set(by, { liked: true, at });
      return tell(author, { type: 'moment', momentId, event: 'like', by, at });
    },
    async unlike(momentId, by) {
      const known = repliesOf(momentId)?.likes.get(by);
      if (known?.liked !== true) return false;
      known.liked = false;
      return true;
    },
    async liked(by, momentIds) {
      return momentIds.map((momentId) => repliesOf(momentId)?.likes.get(by)?.liked === true);
    },
    async likes(momentId, { after = '', limit }) {
      const likes = [...(repliesOf(momentId)?.likes ?? [])].filter(([userId, { liked }]) => liked && userId > after);
      return likes
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([userId, { at }]) => ({ userId, at }));
    },
    async comment(comment) {
      const one = kept.get(comment.momentId);
      if (one === undefined) return null;
      const { author } = one.moment;
      const { comments } = one.replies;
      const { momentId, commentId, author: by, clientCommentId, at } = comment;
      const known = comments.find((other) => other.author === by && other.clientCommentId === clientCommentId);
      if (known !== undefined) return { author, position: null, comment: { ...known } };
      const { maxCommentsPerMoment, maxCommentsPerUser } = MOMENT_LIMITS;
      const own = comments.filter((other) => other.author === by).length;
      if (comments.length >= maxCommentsPerMoment || own >= maxCommentsPerUser) {
        throw new ImError('limit_reached', 'too many comments on this moment, in all or by you');
      }
      comments.push({ ...comment });
      return { ...(await tell(author, { type: 'moment', momentId, event: 'comment', by, commentId, at })), comment };
    },
    async removeComment(momentId, commentId, by) {
      const one = kept.get(momentId);
      const { comments = [] } = one?.replies ?? {};
      const index = comments.findIndex((comment) => comment.commentId === commentId);
      if (index === -1 || (comments[index]?.author !== by && one?.moment.author !== by)) return false;
      comments.splice(index, 1);
      return true;
    },
    async removeOf(by, limit) {
      let left = limit;
      for (const { replies } of kept.values()) {
        if (left > 0 && replies.likes.delete(by)) left--;
        const own = replies.comments.filter(({ author }) => author === by).slice(0, left);
        replies.comments = replies.comments.filter((comment) => !own.includes(comment));
        left -= own.length;
      }
      return limit - left;
    },
    async comments(momentId, { after = '', limit }) {
      const comments = (repliesOf(momentId)?.comments ?? []).filter(({ commentId }) => commentId > after);
      return structuredClone(comments.sort((a, b) => (a.commentId < b.commentId ? -1 : 1)).slice(0, limit));
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
