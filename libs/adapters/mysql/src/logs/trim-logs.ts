import type { UserId } from '@chasqui/domain';
import type { Database } from '../engine/index.ts';
import { lockHead } from './log-heads.ts';

const OLDEST_USERS = 'SELECT user_id FROM inbox_heads WHERE oldest_at < ? ORDER BY oldest_at LIMIT ?';
/** Users selected at a time. */
const USERS = 200;
const OLDEST_ENTRIES = 'SELECT position, at FROM inbox WHERE user_id = ? ORDER BY position LIMIT ?';
/** Trimmed unread messages stay counted. */
const KEEP_COUNTS = `UPDATE conversation_entries AS entry JOIN (
    SELECT inbox.conversation_id, COUNT(*) AS n FROM inbox
      JOIN conversation_entries AS side ON side.conversation_id = inbox.conversation_id AND side.user_id = inbox.user_id
      WHERE inbox.user_id = ? AND inbox.position <= ? AND inbox.kind = 1 AND inbox.message_id > side.read_up_to
      GROUP BY inbox.conversation_id
  ) AS dropped ON dropped.conversation_id = entry.conversation_id
  SET entry.trimmed = entry.trimmed + dropped.n WHERE entry.user_id = ?`;
const DROP = 'DELETE FROM inbox WHERE user_id = ? AND position <= ?';
const ADVANCE_FLOOR = 'UPDATE inbox_heads SET floor = ?, oldest_at = ? WHERE user_id = ?';

/** See `UpdateLog.trim`. Logs with the oldest entries first, one transaction each. */
export async function trimLogs(database: Database, olderThan: number, limit: number): Promise<number> {
  let dropped = 0;
  while (dropped < limit) {
    const { rows } = await database.run({ sql: OLDEST_USERS, values: [olderThan, USERS] });
    const before = dropped;
    for (const [userId] of rows) {
      if (dropped < limit) dropped += await trimLog(database, userId as UserId, olderThan, limit - dropped);
    }
    // Nothing is left, or another process is trimming the same logs.
    if (dropped === before) break;
  }
  return dropped;
}

/** Removes a log's oldest entries, at most `limit`, that are older than `olderThan`. */
export function trimLog(database: Database, userId: UserId, olderThan: number, limit: number): Promise<number> {
  return database.transaction<number>(async (transaction, earlier) => {
    // The first kept entry tells the age of the oldest.
    const [, found] = await transaction.query([lockHead(userId), { sql: OLDEST_ENTRIES, values: [userId, limit + 1] }]);
    const entries = (found?.rows ?? []) as [position: number, at: number][];
    const kept = entries.findIndex(([, at]) => at >= olderThan);
    const count = Math.min(limit, kept === -1 ? entries.length : kept);
    const last = entries[count - 1];
    if (last === undefined) return { result: earlier ?? 0, writes: [] };
    const [floor] = last;
    return {
      result: count,
      writes: [
        { sql: KEEP_COUNTS, values: [userId, floor, userId] },
        { sql: DROP, values: [userId, floor] },
        { sql: ADVANCE_FLOOR, values: [floor, entries[count]?.[1] ?? null, userId] },
      ],
    };
  });
}
