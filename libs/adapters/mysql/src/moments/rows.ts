import { defined, type Moment, type MomentComment, type MomentId, type Picture, type UserId } from '@chasqui/domain';
import type { Answer, Row, Statement } from '../engine/index.ts';

const COLUMNS = 'moment_id, author_id, client_moment_id, body, pictures, is_chosen, at, likes, comments';
export const COMMENT_COLUMNS = 'moment_id, comment_id, author_id, client_comment_id, body, at';

/** The two reads that `momentsOf` needs, for moments that match a condition. */
export function selectMoments(where: string, values: Statement['values']): [Statement, Statement] {
  const given = defined({ values });
  return [
    { sql: `SELECT ${COLUMNS} FROM moments WHERE ${where}`, ...given },
    {
      sql: `SELECT moment_id, user_id FROM moment_viewers WHERE moment_id IN (SELECT moment_id FROM moments WHERE ${where})
        ORDER BY moment_id, place`,
      ...given,
    },
  ];
}

export function momentsOf(found: Answer | undefined, viewers: Answer | undefined): Map<MomentId, Moment> {
  const chosen = Map.groupBy((viewers?.rows ?? []) as [MomentId, UserId][], ([momentId]) => momentId);
  const moments = (found?.rows ?? []).map((row): Moment => {
    const [momentId, author, clientMomentId, text, pictures, isChosen, at, likes, comments] = row;
    return {
      momentId,
      author,
      clientMomentId,
      text,
      at,
      likes,
      comments,
      chosen: isChosen === 1 ? (chosen.get(momentId as MomentId) ?? []).map(([, userId]) => userId) : null,
      pictures: JSON.parse(pictures as string) as Picture[],
    } as Moment;
  });
  return new Map(moments.map((moment) => [moment.momentId, moment]));
}

export function commentOf([momentId, commentId, author, clientCommentId, text, at]: Row): MomentComment {
  return { momentId, commentId, author, clientCommentId, text, at } as MomentComment;
}
