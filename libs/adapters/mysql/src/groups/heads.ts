import { groupAsSeenBy, groupLog, isCurrent, type MemberKey, type UserId } from '@chasqui/domain';
import { countGroup, type GroupHead, type GroupStore, type GroupUnread, logEpoch } from '@chasqui/ports';
import type { Database, Row } from '../engine/index.ts';
import {
  GROUP_WIDTH,
  groupColumns,
  groupOfRow,
  headFor,
  MEMBER_WIDTH,
  memberColumns,
  memberKey,
  memberOfRow,
} from './group-rows.ts';
import { countColumns } from './totals.ts';

/**
 * One statement, so that counts and heads belong to the same moment. Members come first: MariaDB else begins with the
 * groups, and reads all members of each.
 */
const HEADS = `SELECT ${memberColumns('m')}, ${groupColumns('g')}, COALESCE(heads.head, 0), COALESCE(heads.life, 0),
  meta.value, ${countColumns(null)}
  FROM group_members AS m FORCE INDEX (PRIMARY) STRAIGHT_JOIN chat_groups AS g ON g.conversation_id = m.conversation_id
  JOIN meta ON meta.name = 'epoch'
  LEFT JOIN inbox_heads AS heads ON heads.user_id = CONCAT('${groupLog('')}', m.conversation_id)
  WHERE (m.conversation_id, m.user_id) IN (?)`;
/**
 * By the time that the user sees: see `groupAsSeenBy`. Of the groups that they left, as many are read as a page needs:
 * users leave any number of them. Those that are in no list of theirs come only if they are asked for.
 */
const NEWEST = `(SELECT m.conversation_id, g.updated_at AS seen_at FROM group_members AS m FORCE INDEX (by_user)
    STRAIGHT_JOIN chat_groups AS g ON g.conversation_id = m.conversation_id
    WHERE m.user_id = ? AND m.left_at = 0 AND (g.updated_at >= ? OR EXISTS (SELECT 1 FROM edit_mentions AS e
        WHERE e.conversation_id = m.conversation_id AND e.user_id = m.user_id AND e.at >= ?)) AND g.updated_at <= ?
      AND (g.updated_at < ? OR m.conversation_id < ?) ORDER BY seen_at DESC, m.conversation_id DESC LIMIT ?)
  UNION ALL (SELECT m.conversation_id, m.left_at AS seen_at FROM group_members AS m FORCE INDEX (by_user)
    WHERE m.user_id = ? AND m.left_at >= ? AND m.left_at <= ? AND (m.left_at < ? OR m.conversation_id < ?)
      AND (? OR (SELECT g.dissolved_at = 0 OR m.left_at <= g.dissolved_at FROM chat_groups AS g
        WHERE g.conversation_id = m.conversation_id))
    ORDER BY m.left_at DESC, m.conversation_id DESC LIMIT ?)
  ORDER BY seen_at DESC, conversation_id DESC LIMIT ?`;
const ALWAYS = Number.MAX_SAFE_INTEGER;

/** See `GroupStore.headsOf`. */
export async function headsOf(database: Database, keys: readonly MemberKey[]): Promise<(GroupHead | null)[]> {
  if (keys.length === 0) return [];
  const values = [keys.map(({ conversationId, userId }) => [conversationId, userId])];
  const { rows } = await database.run({ sql: HEADS, values });
  const found = new Map(rows.map(headOfRow).map((head) => [memberKey(head.member), head]));
  return keys.map((key) => found.get(memberKey(key)) ?? null);
}

/** See `GroupStore.heads`. */
export async function headsOfUser(
  database: Database,
  userId: UserId,
  { since = 0, before, unlisted = false, limit }: Parameters<GroupStore['heads']>[1],
): Promise<GroupHead[]> {
  const { updatedAt, conversationId } = before ?? { updatedAt: ALWAYS, conversationId: '' };
  const range = (...from: number[]) => [userId, ...from, updatedAt, updatedAt, conversationId];
  const values = [...range(since, since), limit, ...range(Math.max(1, since)), unlisted ? 1 : 0, limit, limit];
  const { rows } = await database.run({ sql: NEWEST, values });
  const heads = await headsOf(
    database,
    rows.map(([id]) => ({ conversationId: id as string, userId })),
  );
  return heads.filter((head) => head !== null);
}

const UNREAD = `SELECT m.user_id, m.conversation_id, m.read_others, m.read_mentions, ${countColumns(null)}
  FROM group_members AS m FORCE INDEX (by_user) WHERE m.user_id IN (?) AND m.left_at = 0`;

/** See `GroupStore.unread`. */
export async function unreadOf(database: Database, userIds: readonly UserId[]): Promise<GroupUnread[]> {
  if (userIds.length === 0) return [];
  const { rows } = await database.run({ sql: UNREAD, values: [userIds] });
  const found = new Map(
    userIds.map((id): [UserId, GroupUnread] => [id, { total: 0, byConversation: {}, mentions: {} }]),
  );
  for (const row of rows) {
    const [userId, conversationId, ...counts] = row as [string, string, number, number, number, number];
    const [readOthers, readMentions, others, mentions] = counts;
    const counted = found.get(userId);
    if (counted === undefined) continue;
    countGroup(counted, conversationId, { unread: others - readOthers, mentions: mentions - readMentions });
  }
  return userIds.flatMap((id) => found.get(id) ?? []);
}

function headOfRow(row: Row): GroupHead {
  const { member, read } = memberOfRow(row.slice(0, MEMBER_WIDTH));
  const group = groupOfRow(row.slice(MEMBER_WIDTH, MEMBER_WIDTH + GROUP_WIDTH));
  const [head, life, epoch, others, mentions] = row.slice(MEMBER_WIDTH + GROUP_WIDTH) as [
    ...[number, number, string, number, number],
  ];
  const counts = { unread: others - read.others, mentions: mentions - read.mentions };
  return {
    group: groupAsSeenBy(group, member),
    member,
    head: headFor(member, head),
    epoch: logEpoch(epoch, life),
    read: { upTo: read.upTo, at: read.at, node: read.node },
    ...(isCurrent(member) ? counts : { unread: 0, mentions: 0 }),
  };
}
