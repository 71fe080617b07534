import { type ConversationId, groupLog, type UserId } from '@chasqui/domain';
import type { DriftReport } from '@chasqui/ports';
import type { Answer, Database, Statement } from '../engine/index.ts';
import { lockHead } from '../logs/log-heads.ts';
import { countColumns, mentionsAfterMark } from './totals.ts';

/** Counting reads a whole log. Milliseconds. */
const DEADLINE_MS = 60_000;
const GROUPS_OF = 'SELECT conversation_id FROM group_members WHERE user_id = ? AND left_at = 0';
/** The read mark, or the first message that the log still has if it is behind: of those before, only the totals know. */
const FROM = `GREATEST(m.read_up_to, IF(COALESCE(heads.floor, 0) = 0, '', COALESCE((
    SELECT message_id FROM inbox WHERE user_id = heads.user_id AND kind = 2 ORDER BY position LIMIT 1
  ), g.last_message_id)))`;
const COUNTS = `SELECT m.read_up_to, m.read_others, m.read_mentions, ${mentionsAfterMark()}, ${countColumns(null)},
  ${countColumns('m.read_up_to')}, ${countColumns(FROM)}, (
    SELECT COUNT(*) FROM inbox AS entry
      WHERE entry.user_id = heads.user_id AND entry.kind = 2 AND entry.message_id > ${FROM} AND entry.sender <> m.user_id
  ) FROM group_members AS m JOIN chat_groups AS g ON g.conversation_id = m.conversation_id
  LEFT JOIN inbox_heads AS heads ON heads.user_id = ? WHERE m.conversation_id = ? AND m.user_id = ?`;
/** A mark that has moved meanwhile has its own totals. */
const CORRECT = `UPDATE group_members SET read_others = ?, read_mentions = ?
  WHERE conversation_id = ? AND user_id = ? AND read_up_to = ?`;

/** Recomputes a user's counts in groups: see `ConversationStore.recount`. */
export async function recountGroups(database: Database, userId: UserId, repair: boolean): Promise<DriftReport[]> {
  const { rows } = await database.run({ sql: GROUPS_OF, values: [userId] });
  const drift: DriftReport[] = [];
  for (const [id] of rows) {
    const conversationId = id as ConversationId;
    const found = repair
      ? await repairGroup(database, conversationId, userId)
      : driftOf(countsOf(await database.run(countsIn(conversationId, userId), DEADLINE_MS)));
    for (const one of found) drift.push({ userId, conversationId, ...one });
  }
  return drift;
}

type Drift = Pick<DriftReport, 'count' | 'stored' | 'recomputed'>;

function countsIn(conversationId: ConversationId, userId: UserId): Statement {
  return { sql: COUNTS, values: [groupLog(conversationId), conversationId, userId] };
}

/** Moves the mark's totals, so that the member's counts are those that were counted. */
function repairGroup(database: Database, conversationId: ConversationId, userId: UserId): Promise<Drift[]> {
  return database.transaction<Drift[]>(async (transaction, earlier) => {
    const [, answer] = await transaction.query([lockHead(groupLog(conversationId)), countsIn(conversationId, userId)]);
    const counts = countsOf(answer);
    const drift = driftOf(counts);
    if (counts === null || drift.length === 0) return { result: earlier ?? drift, writes: [] };
    const { upTo, totals, recomputed } = counts;
    const values = [totals.unread - recomputed.unread, totals.mentions - recomputed.mentions];
    return { result: drift, writes: [{ sql: CORRECT, values: [...values, conversationId, userId, upTo] }] };
  }, DEADLINE_MS);
}

interface Pair {
  unread: number;
  mentions: number;
}

/** A member's counts by the totals and counted one by one; and the totals of all that others sent. */
interface Counts {
  upTo: string;
  stored: Pair;
  recomputed: Pair;
  totals: Pair;
}

/** Null: the user left meanwhile. */
function countsOf(answer: Answer | undefined): Counts | null {
  const row = answer?.rows[0];
  if (row === undefined) return null;
  const [upTo, readOthers, readMentions, mentions, others, allMentions, toMark, , toFrom, , logged] = row as [
    ...[string, number, number, number, number, number, number, number, number, number, number],
  ];
  return {
    upTo,
    stored: { unread: others - readOthers, mentions: allMentions - readMentions },
    recomputed: { unread: toFrom - toMark + logged, mentions },
    totals: { unread: others, mentions: allMentions },
  };
}

function driftOf(counts: Counts | null): Drift[] {
  if (counts === null) return [];
  const { stored, recomputed } = counts;
  return (['unread', 'mentions'] as const)
    .filter((count) => stored[count] !== recomputed[count])
    .map((count) => ({ count, stored: stored[count], recomputed: recomputed[count] }));
}
