import type { LogId, Position } from '@chasqui/domain';
import type { Answer, Row, Statement, Transaction } from '../engine/index.ts';

/** A log's state, as its locked row has it. These tables hold only inboxes, so a log's id is its user's id. */
export interface Head {
  log: LogId;
  head: Position;
  floor: Position;
  /** Unread count over all conversations. */
  unread: number;
  /** Time of the oldest kept entry; null: no entry. */
  oldestAt: number | null;
}

const LOCK = `SELECT user_id, head, floor, unread, oldest_at FROM inbox_heads FORCE INDEX (PRIMARY)
  WHERE user_id IN (?) ORDER BY user_id FOR UPDATE`;
const SAVE = `INSERT INTO inbox_heads (user_id, head, unread, oldest_at) VALUES ?
  ON DUPLICATE KEY UPDATE head = VALUES(head), unread = VALUES(unread), oldest_at = VALUES(oldest_at)`;
const CREATE = 'INSERT INTO inbox_heads (user_id) VALUES ? ON DUPLICATE KEY UPDATE user_id = VALUES(user_id)';

/**
 * Locks logs until the transaction ends, then reads them. Every change of a user's entries or inbox begins with this
 * call, so that they cannot change meanwhile. Locks are taken in id order, so that no two transactions wait for each
 * other. A log without a row gets one: that may break the order, and if two transactions deadlock, one is retried.
 */
export async function lockHeads(
  transaction: Transaction,
  logs: Iterable<LogId>,
  reads: readonly Statement[] = [],
): Promise<{ locked: Map<LogId, Head>; answers: Answer[] }> {
  const ids = [...new Set(logs)].sort();
  const lock: Statement = { sql: LOCK, values: [ids] };
  let [found, ...answers] = await transaction.query([lock, ...reads]);
  let locked = byLog(found);
  const missing = ids.filter((id) => !locked.has(id));
  if (missing.length > 0) {
    const create: Statement = { sql: CREATE, values: [missing.map((id) => [id])] };
    [, found, ...answers] = await transaction.query([create, lock, ...reads]);
    locked = byLog(found);
  }
  return { locked, answers };
}

/** Locks one log if it exists. For callers that must not create one. */
export function lockHead(log: LogId): Statement {
  return { sql: LOCK, values: [[log]] };
}

function byLog(answer: Answer | undefined): Map<LogId, Head> {
  return new Map(answer?.rows.map(headOf).map((head) => [head.log, head]));
}

/** Decodes a row of `lockHead`. */
export function headOf(row: Row): Head {
  const [log, head, floor, unread, oldestAt] = row as [string, number, number, number, number | null];
  return { log, head, floor, unread, oldestAt };
}

/** Writes the changes made by appending and counting. */
export function saveHeads(heads: Iterable<Head>): Statement {
  return {
    sql: SAVE,
    values: [[...heads].map(({ log, head, unread, oldestAt }) => [log, head, unread, oldestAt])],
  };
}
