import { ImError, MOMENT_LIMITS, type MomentComment, type MomentUpdate } from '@chasqui/domain';
import type { Told } from '@chasqui/ports';
import type { Row } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import type { MomentOperationsOf } from './moment-operations.ts';

const COLUMNS = 'moment, id, author, client_id, text, at';
const COMMENTS = `SELECT ${COLUMNS} FROM moment_comments WHERE moment = ? AND id > ? ORDER BY id LIMIT ?`;
const SAME = `SELECT ${COLUMNS} FROM moment_comments WHERE moment = ? AND author = ? AND client_id = ?`;
const OWN = 'SELECT count(*) FROM moment_comments WHERE moment = ? AND author = ?';
const INSERT = `INSERT INTO moment_comments (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`;
const LIKES = 'SELECT user, at FROM moment_likes WHERE moment = ? AND user > ? AND liked = 1 ORDER BY user LIMIT ?';
const LIKED = 'SELECT liked FROM moment_likes WHERE moment = ? AND user = ?';
const SET_LIKED = 'UPDATE moment_likes SET liked = ?, at = ? WHERE moment = ? AND user = ?';
const COUNT = 'UPDATE moments SET likes = likes + ?, likers = likers + ?, comments = comments + ? WHERE id = ?';

interface Posted {
  author: string;
  likers: number;
  comments: number;
}

function postedOf({ db }: StoreContext, momentId: string): Posted | null {
  const row = db.get('SELECT author, likers, comments FROM moments WHERE id = ?', momentId);
  return row === undefined ? null : ({ author: row[0], likers: row[1], comments: row[2] } as Posted);
}

function commentOf([momentId, commentId, author, clientCommentId, text, at]: Row): MomentComment {
  return { momentId, commentId, author, clientCommentId, text, at } as MomentComment;
}

/** Appends an update to the author's inbox, in the same transaction as the reply. */
function tell({ users, journal }: StoreContext, author: string, update: MomentUpdate, now: number): Told {
  if (update.by === author) return { author, position: null };
  return { author, position: journal.append(users.obtain(author), JSON.stringify(update), now) };
}

type LikeArgs = [momentId: string, by: string, at: number];

function like(store: StoreContext, [momentId, by, at]: LikeArgs, now: number): Told | null {
  const { db } = store;
  const posted = postedOf(store, momentId);
  if (posted === null) return null;
  const { author, likers } = posted;
  const liked = db.get(LIKED, momentId, by)?.[0];
  if (liked !== undefined) {
    if (liked === 0) {
      db.run(SET_LIKED, 1, at, momentId, by);
      db.run(COUNT, 1, 0, 0, momentId);
    }
    return { author, position: null };
  }
  const { maxLikesPerMoment } = MOMENT_LIMITS;
  if (likers >= maxLikesPerMoment) {
    throw new ImError('limit_reached', `likes of a moment: at most ${maxLikesPerMoment}`);
  }
  db.run('INSERT INTO moment_likes VALUES (?, ?, ?, 1)', momentId, by, at);
  db.run(COUNT, 1, 1, 0, momentId);
  return tell(store, author, { type: 'moment', momentId, event: 'like', by, at }, now);
}

function comment(store: StoreContext, given: MomentComment, now: number): (Told & { comment: MomentComment }) | null {
  const { db } = store;
  const { momentId, commentId, author: by, clientCommentId, text, at } = given;
  const posted = postedOf(store, momentId);
  if (posted === null) return null;
  const { author, comments } = posted;
  const known = db.get(SAME, momentId, by, clientCommentId);
  if (known !== undefined) return { author, position: null, comment: commentOf(known) };
  const { maxCommentsPerMoment, maxCommentsPerUser } = MOMENT_LIMITS;
  if (comments >= maxCommentsPerMoment || db.number(OWN, momentId, by) >= maxCommentsPerUser) {
    throw new ImError('limit_reached', 'too many comments on this moment, in all or by you');
  }
  db.run(INSERT, momentId, commentId, by, clientCommentId, text, at);
  db.run(COUNT, 0, 0, 1, momentId);
  const update = { type: 'moment', momentId, event: 'comment', by, commentId, at } as const;
  return { ...tell(store, author, update, now), comment: given };
}

function removeOf({ db }: StoreContext, by: string, limit: number): number {
  const liked = db.all('SELECT moment, liked FROM moment_likes WHERE user = ? LIMIT ?', by, limit);
  for (const [momentId, isLiked] of liked as [string, number][]) {
    db.run('DELETE FROM moment_likes WHERE moment = ? AND user = ?', momentId, by);
    db.run(COUNT, isLiked === 1 ? -1 : 0, -1, 0, momentId);
  }
  const left = limit - liked.length;
  const comments = db.all('SELECT moment, id FROM moment_comments WHERE author = ? LIMIT ?', by, left);
  for (const [momentId, commentId] of comments as [string, string][]) {
    db.run('DELETE FROM moment_comments WHERE moment = ? AND id = ?', momentId, commentId);
    db.run(COUNT, 0, 0, -1, momentId);
  }
  return liked.length + comments.length;
}

export function replyOperations(store: StoreContext): Handlers<MomentOperationsOf<'momentReplies'>> {
  const { db } = store;
  return {
    'momentReplies.like': (args, now) => like(store, args, now),
    'momentReplies.unlike'([momentId, by]) {
      if (db.get(LIKED, momentId, by)?.[0] !== 1) return false;
      db.run('UPDATE moment_likes SET liked = 0 WHERE moment = ? AND user = ?', momentId, by);
      db.run(COUNT, -1, 0, 0, momentId);
      return true;
    },
    'momentReplies.liked': ([by, momentIds]) => momentIds.map((momentId) => db.get(LIKED, momentId, by)?.[0] === 1),
    'momentReplies.likes': ([momentId, after, limit]) =>
      db.all(LIKES, momentId, after, limit).map(([userId, at]) => ({ userId, at }) as { userId: string; at: number }),
    'momentReplies.comment': (given, now) => comment(store, given, now),
    'momentReplies.removeComment'([momentId, commentId, by]) {
      const [author] =
        db.get('SELECT author FROM moment_comments WHERE moment = ? AND id = ?', momentId, commentId) ?? [];
      if (author === undefined || (author !== by && postedOf(store, momentId)?.author !== by)) return false;
      db.run('DELETE FROM moment_comments WHERE moment = ? AND id = ?', momentId, commentId);
      db.run(COUNT, 0, 0, -1, momentId);
      return true;
    },
    'momentReplies.removeOf': ([by, limit]) => removeOf(store, by, limit),
    'momentReplies.comments': ([momentId, after, limit]) => db.all(COMMENTS, momentId, after, limit).map(commentOf),
  };
}
