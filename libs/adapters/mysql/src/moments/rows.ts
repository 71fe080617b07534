import {
  defined,
  ImError,
  type Moment,
  type MomentComment,
  type MomentId,
  type Picture,
  type PictureId,
  type UserId,
} from '@chasqui/domain';
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

const UNPOSTED = `SELECT picture_id, body FROM moment_pictures
  WHERE picture_id IN (?) AND owner_id = ? AND state = 0 ORDER BY picture_id FOR UPDATE`;
export const TAKE = 'UPDATE moment_pictures SET state = 1, moment_id = ? WHERE picture_id IN (?)';
export const DISCARD = 'UPDATE moment_pictures SET state = 2, moment_id = NULL WHERE moment_id = ?';

/** Locks the pictures that a moment may take. */
export function selectUnposted(owner: UserId, pictureIds: readonly PictureId[]): Statement {
  return { sql: UNPOSTED, values: [pictureIds, owner] };
}

/** In the order of the moment. Errors: `not_found` if one of the pictures cannot be taken. */
export function postedBy(unposted: Answer | undefined, pictureIds: readonly PictureId[]): Picture[] {
  const bodies = new Map((unposted?.rows ?? []) as [PictureId, string][]);
  return pictureIds.map((id) => {
    const body = bodies.get(id);
    if (body === undefined) throw new ImError('not_found', `there is no picture ${id} to post`, { field: 'pictures' });
    return JSON.parse(body) as Picture;
  });
}
