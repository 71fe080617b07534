import {
  ImError,
  MOMENT_LIMITS,
  type MomentComment,
  type MomentId,
  type MomentUpdate,
  type UserId,
} from '@chasqui/domain';
import type { MomentReplies, Told } from '@chasqui/ports';
import type { Database, Statement } from '../engine/index.ts';
import { COMMENT_COLUMNS, commentOf } from './rows.ts';
import { lockMoment, tell, toldBefore } from './telling.ts';

const LIKE_OF = 'SELECT is_liked FROM moment_likes WHERE moment_id = ? AND user_id = ?';
const LIKE = `INSERT INTO moment_likes (moment_id, user_id, at, is_liked) VALUES (?, ?, ?, 1)
  ON DUPLICATE KEY UPDATE at = VALUES(at), is_liked = 1`;
const UNLIKE = 'UPDATE moment_likes SET is_liked = 0 WHERE moment_id = ? AND user_id = ?';
const LIKES_OF = 'SELECT moment_id FROM moment_likes WHERE user_id = ? LIMIT ?';
const DROP_LIKE = 'DELETE FROM moment_likes WHERE moment_id = ? AND user_id = ?';
const COMMENTS_OF = 'SELECT moment_id, comment_id FROM moment_comments WHERE author_id = ? LIMIT ?';
const COUNT = 'UPDATE moments SET likes = likes + ?, likers = likers + ?, comments = comments + ? WHERE moment_id = ?';
const LIKED = 'SELECT moment_id FROM moment_likes WHERE moment_id IN (?) AND user_id = ? AND is_liked = 1';
const LIKES =
  'SELECT user_id, at FROM moment_likes WHERE moment_id = ? AND user_id > ? AND is_liked = 1 ORDER BY user_id LIMIT ?';
const SAME = `SELECT ${COMMENT_COLUMNS} FROM moment_comments
  WHERE moment_id = ? AND author_id = ? AND client_comment_id = ?`;
const OWN = 'SELECT COUNT(*) FROM moment_comments WHERE moment_id = ? AND author_id = ?';
const INSERT = `INSERT INTO moment_comments (${COMMENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`;
const AUTHOR = 'SELECT author_id FROM moment_comments WHERE moment_id = ? AND comment_id = ?';
const DELETE = 'DELETE FROM moment_comments WHERE moment_id = ? AND comment_id = ?';
const COMMENTS = `SELECT ${COMMENT_COLUMNS} FROM moment_comments WHERE moment_id = ? AND comment_id > ?
  ORDER BY comment_id LIMIT ?`;

function count(momentId: MomentId, likes: number, likers: number, comments: number): Statement {
  return { sql: COUNT, values: [likes, likers, comments, momentId] };
}

function like(database: Database, momentId: MomentId, by: UserId, at: number): Promise<Told | null> {
  const update: MomentUpdate = { type: 'moment', momentId, event: 'like', by, at };
  return database.transaction<Told | null>(async (transaction, earlier) => {
    const { moment, answer } = await lockMoment(transaction, momentId, { sql: LIKE_OF, values: [momentId, by] });
    if (moment === null) return { result: null, writes: [] };
    const write: Statement = { sql: LIKE, values: [momentId, by, at] };
    const liked = answer?.rows[0]?.[0];
    if (liked !== undefined) {
      const told = await toldBefore(transaction, moment.author, update, earlier);
      return { result: told, writes: liked === 1 ? [] : [write, count(momentId, 1, 0, 0)] };
    }
    const { maxLikesPerMoment } = MOMENT_LIMITS;
    if (moment.likers >= maxLikesPerMoment) {
      throw new ImError('limit_reached', `likes of a moment: at most ${maxLikesPerMoment}`);
    }
    const { told, writes } = await tell(transaction, moment.author, update, database.clock.now());
    return { result: told, writes: [write, count(momentId, 1, 1, 0), ...writes] };
  });
}

function unlike(database: Database, momentId: MomentId, by: UserId): Promise<boolean> {
  return database.transaction<boolean>(async (transaction, earlier) => {
    const { moment, answer } = await lockMoment(transaction, momentId, { sql: LIKE_OF, values: [momentId, by] });
    if (moment === null || answer?.rows[0]?.[0] !== 1) return { result: earlier === true, writes: [] };
    return { result: true, writes: [{ sql: UNLIKE, values: [momentId, by] }, count(momentId, -1, 0, 0)] };
  });
}

type CommentTold = Told & { comment: MomentComment };

function comment(database: Database, given: MomentComment): Promise<CommentTold | null> {
  const { momentId, commentId, author: by, clientCommentId, text, at } = given;
  const update: MomentUpdate = { type: 'moment', momentId, event: 'comment', by, commentId, at };
  return database.transaction<CommentTold | null>(async (transaction, earlier) => {
    const same = { sql: SAME, values: [momentId, by, clientCommentId] };
    const { moment, answer } = await lockMoment(transaction, momentId, same);
    if (moment === null) return { result: null, writes: [] };
    const [known] = answer?.rows ?? [];
    if (known !== undefined) {
      const told = await toldBefore(transaction, moment.author, update, earlier);
      return { result: { ...told, comment: commentOf(known) }, writes: [] };
    }
    const [counted] = await transaction.query([{ sql: OWN, values: [momentId, by] }]);
    const { maxCommentsPerMoment, maxCommentsPerUser } = MOMENT_LIMITS;
    if (moment.comments >= maxCommentsPerMoment || Number(counted?.rows[0]?.[0]) >= maxCommentsPerUser) {
      throw new ImError('limit_reached', 'too many comments on this moment, in all or by you');
    }
    const { told, writes } = await tell(transaction, moment.author, update, database.clock.now());
    const insert = { sql: INSERT, values: [momentId, commentId, by, clientCommentId, text, at] };
    return { result: { ...told, comment: given }, writes: [insert, count(momentId, 0, 0, 1), ...writes] };
  });
}

function removeComment(database: Database, momentId: MomentId, commentId: MomentId, by: UserId): Promise<boolean> {
  return database.transaction<boolean>(async (transaction, earlier) => {
    const key = [momentId, commentId];
    const { moment, answer } = await lockMoment(transaction, momentId, { sql: AUTHOR, values: key });
    const [author] = answer?.rows[0] ?? [];
    if (author === undefined) return { result: earlier === true, writes: [] };
    if (author !== by && moment?.author !== by) return { result: false, writes: [] };
    return { result: true, writes: [{ sql: DELETE, values: key }, count(momentId, 0, 0, -1)] };
  });
}

/** One transaction for each, which locks its moment alone. */
async function removeOf(database: Database, by: UserId, limit: number): Promise<number> {
  const { rows: likes } = await database.run({ sql: LIKES_OF, values: [by, limit] });
  for (const [momentId] of likes as [MomentId][]) {
    await database.transaction<null>(async (transaction) => {
      const { answer } = await lockMoment(transaction, momentId, { sql: LIKE_OF, values: [momentId, by] });
      const [row] = answer?.rows ?? [];
      if (row === undefined) return { result: null, writes: [] };
      const writes = [{ sql: DROP_LIKE, values: [momentId, by] }, count(momentId, row[0] === 1 ? -1 : 0, -1, 0)];
      return { result: null, writes };
    });
  }
  const { rows: comments } = await database.run({ sql: COMMENTS_OF, values: [by, limit - likes.length] });
  for (const [momentId, commentId] of comments as [MomentId, MomentId][]) {
    await removeComment(database, momentId, commentId, by);
  }
  return likes.length + comments.length;
}

export function createMomentReplies(database: Database): MomentReplies {
  return {
    like: (momentId, by, at) => like(database, momentId, by, at),
    unlike: (momentId, by) => unlike(database, momentId, by),
    async liked(by, momentIds) {
      if (momentIds.length === 0) return [];
      const { rows } = await database.run({ sql: LIKED, values: [momentIds, by] });
      const found = new Set(rows.map(([momentId]) => momentId));
      return momentIds.map((momentId) => found.has(momentId));
    },
    async likes(momentId, { after = '', limit }) {
      const { rows } = await database.run({ sql: LIKES, values: [momentId, after, limit] });
      return (rows as [UserId, number][]).map(([userId, at]) => ({ userId, at }));
    },
    comment: (given) => comment(database, given),
    removeComment: (momentId, commentId, by) => removeComment(database, momentId, commentId, by),
    removeOf: (by, limit) => removeOf(database, by, limit),
    async comments(momentId, { after = '', limit }) {
      return (await database.run({ sql: COMMENTS, values: [momentId, after, limit] })).rows.map(commentOf);
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
