import type { Position, UserId } from '@chasqui/domain';
import type { Answer, Row, Statement, Transaction } from '../engine/index.ts';

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
 * Locks users until the transaction ends, and then reads. Everything that changes a user's sessions or inbox begins with
 * it, so that nothing of theirs changes meanwhile. Always in the order of the ids, so that no two transactions wait for
 * each other. A user without a row gets one: then the order may be broken, and if two deadlock, one is done again.
 */
export async function lockHeads(
  transaction: Transaction,
  userIds: Iterable<UserId>,
  reads: readonly Statement[] = [],
): Promise<{ locked: Map<UserId, Head>; answers: Answer[] }> {
  const users = [...new Set(userIds)].sort();
  const lock: Statement = { sql: LOCK, values: [users] };
  let [found, ...answers] = await transaction.query([lock, ...reads]);
  let locked = byUser(found);
  const missing = users.filter((userId) => !locked.has(userId));
  if (missing.length > 0) {
    const create: Statement = { sql: CREATE, values: [missing.map((userId) => [userId])] };
    [, found, ...answers] = await transaction.query([create, lock, ...reads]);
    locked = byUser(found);
  }
  return { locked, answers };
}

/** Locks one user, if there is such an inbox: for what makes none. */
export function lockHead(userId: UserId): Statement {
  return { sql: LOCK, values: [[userId]] };
}

function byUser(answer: Answer | undefined): Map<UserId, Head> {
  return new Map(answer?.rows.map(headOf).map((head) => [head.userId, head]));
}

/** A row of `lockHead`. */
export function headOf(row: Row): Head {
  const [userId, head, floor, unread, oldestAt] = row as [string, number, number, number, number | null];
  return { userId, head, floor, unread, oldestAt };
}

/** Writes what appending and counting changed. */
export function saveHeads(heads: Iterable<Head>): Statement {
  return {
    sql: SAVE,
    values: [[...heads].map(({ userId, head, unread, oldestAt }) => [userId, head, unread, oldestAt])],
  };
}
