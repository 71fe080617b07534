import type { UserId } from '@chasqui/domain';
import type { DriftReport } from '@chasqui/ports';
import type { Answer, Database, Statement } from '../engine/index.ts';
import { recountGroups } from '../groups/recount-groups.ts';
import { lockHead } from '../logs/log-heads.ts';

/** Longer than other calls, as counting reads a whole inbox. Milliseconds. */
const DEADLINE_MS = 60_000;
const USERS = `SELECT user_id FROM inbox_heads WHERE user_id > ?
  AND (EXISTS (SELECT 1 FROM conversation_entries AS entry WHERE entry.user_id = inbox_heads.user_id)
    OR EXISTS (SELECT 1 FROM group_members AS m WHERE m.user_id = inbox_heads.user_id AND m.left_at = 0)) ORDER BY user_id LIMIT ?`;
/** A user's conversations whose stored count differs from the inbox. One statement, so that it sees one moment. */
const DRIFT = `SELECT entry.conversation_id, entry.unread, entry.trimmed + COALESCE(counted.n, 0)
  FROM conversation_entries AS entry LEFT JOIN (
    SELECT inbox.conversation_id, COUNT(*) AS n FROM inbox
      JOIN conversation_entries AS side ON side.conversation_id = inbox.conversation_id AND side.user_id = inbox.user_id
      WHERE inbox.user_id = ? AND inbox.kind = 1 AND inbox.message_id > side.read_up_to
      GROUP BY inbox.conversation_id
  ) AS counted ON counted.conversation_id = entry.conversation_id
  WHERE entry.user_id = ? AND entry.unread <> entry.trimmed + COALESCE(counted.n, 0)`;
const CORRECT = 'UPDATE conversation_entries SET unread = ? WHERE conversation_id = ? AND user_id = ?';
const CORRECT_TOTAL = `UPDATE inbox_heads SET unread = (SELECT COALESCE(SUM(unread), 0) FROM conversation_entries WHERE user_id = ?)
  WHERE user_id = ?`;

export interface RecountPage {
  users: number;
  drift: DriftReport[];
  cursor: string | null;
}

/** See `ConversationStore.recount`. */
export async function recount(
  database: Database,
  cursor: string | null,
  { repair, limit }: { repair: boolean; limit: number },
): Promise<RecountPage> {
  const found = await database.run({ sql: USERS, values: [cursor ?? '', limit + 1] });
  const users = found.rows.slice(0, limit).map(([userId]) => userId as UserId);
  const drift: DriftReport[] = [];
  for (const userId of users) {
    drift.push(...(await (repair ? repairUser : lookAtUser)(database, userId)));
    drift.push(...(await recountGroups(database, userId, repair)));
  }
  return { users: users.length, drift, cursor: found.rows.length > limit ? (users.at(-1) ?? null) : null };
}

async function lookAtUser(database: Database, userId: UserId): Promise<DriftReport[]> {
  return reportOf(userId, await database.run(driftOf(userId), DEADLINE_MS));
}

function repairUser(database: Database, userId: UserId): Promise<DriftReport[]> {
  return database.transaction<DriftReport[]>(async (transaction, earlier) => {
    const [, found] = await transaction.query([lockHead(userId), driftOf(userId)]);
    const drift = reportOf(userId, found);
    const corrections = drift.map(({ conversationId, recomputed }) => ({
      sql: CORRECT,
      values: [recomputed, conversationId, userId],
    }));
    return {
      result: drift.length === 0 ? (earlier ?? drift) : drift,
      writes: [...corrections, { sql: CORRECT_TOTAL, values: [userId, userId] }],
    };
  }, DEADLINE_MS);
}

function driftOf(userId: UserId): Statement {
  return { sql: DRIFT, values: [userId, userId] };
}

function reportOf(userId: UserId, answer: Answer | undefined): DriftReport[] {
  return (answer?.rows ?? []).map((row) => {
    const [conversationId, stored, recomputed] = row as [string, number, number];
    return { userId, conversationId, count: 'unread', stored, recomputed };
  });
}
