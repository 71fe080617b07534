import { type ConversationId, groupLog, type UserId } from '@chasqui/domain';
import type { DriftReport } from '@chasqui/ports';
import type { Answer, Database, Statement } from '../engine/index.ts';
import { lockHead } from '../logs/log-heads.ts';
import { countColumns } from './totals.ts';

/** Counting reads a whole log. Milliseconds. */
const DEADLINE_MS = 60_000;
const GROUPS_OF = 'SELECT conversation_id FROM group_members WHERE user_id = ? AND left_at = 0';
/** The read mark, or the first message that the log still has if it is behind: of those before, only the totals know. */
const FROM = `GREATEST(m.read_up_to, IF(COALESCE(heads.floor, 0) = 0, '', COALESCE((
    SELECT message_id FROM inbox WHERE user_id = heads.user_id AND kind = 2 ORDER BY position LIMIT 1
  ), g.last_message_id)))`;
const COUNTS = `SELECT m.read_others, ${countColumns(null)}, ${countColumns('m.read_up_to')}, ${countColumns(FROM)}, (
    SELECT COUNT(*) FROM inbox AS entry
      WHERE entry.user_id = heads.user_id AND entry.kind = 2 AND entry.message_id > ${FROM} AND entry.sender <> m.user_id
  ) FROM group_members AS m JOIN chat_groups AS g ON g.conversation_id = m.conversation_id
  LEFT JOIN inbox_heads AS heads ON heads.user_id = ? WHERE m.conversation_id = ? AND m.user_id = ?`;
const CORRECT = 'UPDATE group_members SET read_others = ? WHERE conversation_id = ? AND user_id = ?';

/** Recomputes a user's unread counts in groups from the groups' logs: see `ConversationStore.recount`. */
export async function recountGroups(database: Database, userId: UserId, repair: boolean): Promise<DriftReport[]> {
  const { rows } = await database.run({ sql: GROUPS_OF, values: [userId] });
  const drift: DriftReport[] = [];
  for (const [id] of rows) {
    const conversationId = id as ConversationId;
    const counts = repair
      ? await repairGroup(database, conversationId, userId)
      : countsOf(await database.run(countsIn(conversationId, userId), DEADLINE_MS));
    if (counts === null || counts.stored === counts.recomputed) continue;
    const { stored, recomputed } = counts;
    drift.push({ userId, conversationId, stored, recomputed });
  }
  return drift;
}

function countsIn(conversationId: ConversationId, userId: UserId): Statement {
  return { sql: COUNTS, values: [groupLog(conversationId), conversationId, userId] };
}

/** Moves the mark's total, so that as much is unread as was counted. */
function repairGroup(database: Database, conversationId: ConversationId, userId: UserId): Promise<Counts | null> {
  return database.transaction<Counts | null>(async (transaction, earlier) => {
    const [, answer] = await transaction.query([lockHead(groupLog(conversationId)), countsIn(conversationId, userId)]);
    const counts = countsOf(answer);
    if (counts === null || counts.stored === counts.recomputed) return { result: earlier ?? counts, writes: [] };
    const { others, recomputed } = counts;
    return { result: counts, writes: [{ sql: CORRECT, values: [others - recomputed, conversationId, userId] }] };
  }, DEADLINE_MS);
}

/** Unread messages as the totals and as the log have them, and all messages of others. */
interface Counts extends Pick<DriftReport, 'stored' | 'recomputed'> {
  others: number;
}

/** Null: the user left meanwhile. */
function countsOf(answer: Answer | undefined): Counts | null {
  const row = answer?.rows[0];
  if (row === undefined) return null;
  const [readOthers, others, , toMark, , toFrom, , logged] = row as [
    ...[number, number, number, number, number, number, number, number],
  ];
  return { stored: others - readOthers, recomputed: toFrom - toMark + logged, others };
}
