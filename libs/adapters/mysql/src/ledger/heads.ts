import type { Position, UserId } from '@chasqui/domain';
import { type Answer, Missing, type Statement } from '../engine/index.ts';

/** A user's inbox as the row that locks it says. */
export interface Head {
  userId: UserId;
  head: Position;
  floor: Position;
  /** Unread in all conversations. */
  unread: number;
  /** Time of the first entry that is kept; null: there is none. */
  oldestAt: number | null;
}

const LOCK = `SELECT user_id, head, floor, unread, oldest_at FROM inbox_heads FORCE INDEX (PRIMARY)
  WHERE user_id IN (?) ORDER BY user_id FOR UPDATE`;
const SAVE = `INSERT INTO inbox_heads (user_id, head, unread, oldest_at) VALUES ?
  ON DUPLICATE KEY UPDATE head = VALUES(head), unread = VALUES(unread), oldest_at = VALUES(oldest_at)`;
const CREATE = 'INSERT INTO inbox_heads (user_id) VALUES ? ON DUPLICATE KEY UPDATE user_id = VALUES(user_id)';

/**
 * Locks users until the transaction ends. Everything that changes a user's sessions or inbox begins with it, always in
 * the order of the ids: so nothing of theirs changes meanwhile, and no two wait for each other.
 */
export function lockHeads(userIds: Iterable<UserId>): Statement {
  return { sql: LOCK, values: [[...new Set(userIds)].sort()] };
}

/** The locked users. Errors: `Missing` when one has no row yet: there is nothing that could be locked. */
export function headsOf(userIds: Iterable<UserId>, answer: Answer | undefined): Map<UserId, Head> {
  const heads = new Map<UserId, Head>();
  for (const row of answer?.rows ?? []) {
    const [userId, head, floor, unread, oldestAt] = row as [string, number, number, number, number | null];
    heads.set(userId, { userId, head, floor, unread, oldestAt });
  }
  const missing = [...new Set(userIds)].filter((userId) => !heads.has(userId)).sort();
  if (missing.length > 0) throw new Missing([{ sql: CREATE, values: [missing.map((userId) => [userId])] }]);
  return heads;
}

/** Writes what appending and counting changed. */
export function saveHeads(heads: Iterable<Head>): Statement {
  return {
    sql: SAVE,
    values: [[...heads].map(({ userId, head, unread, oldestAt }) => [userId, head, unread, oldestAt])],
  };
}
