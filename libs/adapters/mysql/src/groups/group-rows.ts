import { defined, type Group, type Member, memberOrder, type ReadMark, ROLES } from '@chasqui/domain';
import type { Answer, Row, Statement } from '../engine/index.ts';

// Only this file knows the columns of a group's and a member's row.

type LastMessage = Pick<Group, 'lastMessageId' | 'lastFrom' | 'preview' | 'updatedAt'>;
type MemberBody = Pick<Member, 'joinedAt' | 'mutedUntil' | 'intervals' | 'wasRemoved' | 'lastSeen'>;

export interface MarkInGroup extends Omit<ReadMark, 'userId'> {
  /** Messages of others up to the mark, and those of them that mention the member. */
  others: number;
  mentions: number;
}

export interface MemberRow {
  member: Member;
  read: MarkInGroup;
  /** Of former members: the last one known. */
  displayName: string;
}

const GROUP_COLUMNS = 'body, last_message_id, last_from, preview, updated_at';
export const groupColumns = (table: string) => columnsOf(table, GROUP_COLUMNS);
export const GROUP_WIDTH = 5;
const MEMBER_COLUMNS = `conversation_id, user_id, role, left_at, body, read_up_to, read_at, read_node, read_others,
  read_mentions, display_name`;
export const memberColumns = (table: string) => columnsOf(table, MEMBER_COLUMNS);
export const MEMBER_WIDTH = 11;

function columnsOf(table: string, columns: string): string {
  return columns
    .split(',')
    .map((name) => `${table}.${name.trim()}`)
    .join(', ');
}

const SELECT_GROUPS = `SELECT ${groupColumns('g')} FROM chat_groups AS g FORCE INDEX (PRIMARY) WHERE conversation_id IN (?)`;
export const ALL_GROUPS = `SELECT ${groupColumns('g')} FROM chat_groups AS g FORCE INDEX (PRIMARY)
  WHERE conversation_id > ? ORDER BY conversation_id LIMIT ?`;
export const SELECT_MEMBERS = `SELECT ${memberColumns('m')} FROM group_members AS m`;
const BY_KEY = `${SELECT_MEMBERS} FORCE INDEX (PRIMARY) WHERE (conversation_id, user_id) IN (?)`;

export function selectGroups(ids: readonly string[]): Statement {
  return { sql: SELECT_GROUPS, values: [ids.length === 0 ? [''] : ids] };
}

export function selectMembers(keys: readonly Pick<Member, 'conversationId' | 'userId'>[]): Statement {
  const rows = keys.map(({ conversationId, userId }) => [conversationId, userId]);
  return { sql: BY_KEY, values: [rows.length === 0 ? [['', '']] : rows] };
}

export function groupOfRow(row: Row): Group {
  const [body, lastMessageId, lastFrom, preview, updatedAt] = row as [string, string, string, string, number];
  return { ...(JSON.parse(body) as Omit<Group, keyof LastMessage>), lastMessageId, lastFrom, preview, updatedAt };
}

export function groupsOf(answer: Answer | undefined): Map<string, Group> {
  return new Map(answer?.rows.map(groupOfRow).map((group) => [group.conversationId, group]));
}

export function memberOfRow(row: Row): MemberRow {
  const [conversationId, userId, role, leftAt, body, upTo, at, node, others, mentions, displayName] = row as [
    ...[string, string, number, number, string, string, number, string, number, number, string],
  ];
  const kept = JSON.parse(body) as MemberBody;
  const member = { conversationId, userId, role: ROLES[role] ?? 'member', leftAt, ...kept };
  return { member, read: { upTo, at, node, others, mentions }, displayName };
}

/** By `memberKey`. */
export function membersOf(answer: Answer | undefined): Map<string, MemberRow> {
  return new Map(answer?.rows.map(memberOfRow).map((row) => [memberKey(row.member), row]));
}

export function memberKey({ conversationId, userId }: Pick<Member, 'conversationId' | 'userId'>): string {
  return `${conversationId} ${userId}`;
}

const SAVE_GROUP = `INSERT INTO chat_groups (conversation_id, dissolved_at, ${GROUP_COLUMNS}) VALUES ?
  ON DUPLICATE KEY UPDATE dissolved_at = VALUES(dissolved_at), body = VALUES(body),
  last_message_id = VALUES(last_message_id), last_from = VALUES(last_from), preview = VALUES(preview),
  updated_at = VALUES(updated_at)`;
const SAVE_LAST = `UPDATE chat_groups SET last_message_id = ?, last_from = ?, preview = ?, updated_at = ?
  WHERE conversation_id = ?`;
const INSERT_MEMBERS = `INSERT INTO group_members (since_id, display_order, ${MEMBER_COLUMNS}) VALUES ?
  ON DUPLICATE KEY UPDATE since_id = VALUES(since_id), role = VALUES(role), left_at = VALUES(left_at), body = VALUES(body)`;
const MARK_AND_NAME = `, display_name = VALUES(display_name), display_order = VALUES(display_order), read_up_to = VALUES(read_up_to), read_at = VALUES(read_at), read_node = VALUES(read_node),
  read_others = VALUES(read_others), read_mentions = VALUES(read_mentions)`;

export function saveGroup(group: Group): Statement {
  const { lastMessageId, lastFrom, preview, updatedAt, ...body } = group;
  const row = [group.conversationId, group.dissolvedAt, JSON.stringify(body)];
  return { sql: SAVE_GROUP, values: [[[...row, lastMessageId, lastFrom, preview, updatedAt]]] };
}

export function saveLast({ conversationId, lastMessageId, lastFrom, preview, updatedAt }: Group): Statement {
  return { sql: SAVE_LAST, values: [lastMessageId, lastFrom, preview, updatedAt, conversationId] };
}

/**
 * `areNewcomers`: also the marks and names of rows that exist; else those are left alone, as only reading and renaming
 * change them.
 */
export function saveMembers(rows: readonly MemberRow[], areNewcomers: boolean): Statement[] {
  if (rows.length === 0) return [];
  const values = rows.map(({ member, read, displayName }): Row => {
    const { conversationId, userId, role, leftAt, joinedAt, mutedUntil, intervals, wasRemoved, lastSeen } = member;
    const body = JSON.stringify({
      joinedAt,
      mutedUntil,
      intervals,
      wasRemoved,
      ...defined({ lastSeen }),
    } satisfies MemberBody);
    const { upTo, at, node, others, mentions } = read;
    const since = intervals.at(-1)?.afterId ?? '';
    const order = memberOrder(displayName);
    const kept = [conversationId, userId, ROLES.indexOf(role), leftAt, body, upTo, at, node, others, mentions];
    return [since, order, ...kept, displayName];
  });
  return [{ sql: areNewcomers ? INSERT_MEMBERS + MARK_AND_NAME : INSERT_MEMBERS, values: [values] }];
}

/** The head of the group's log, as far as the member sees it. */
export function headFor({ intervals }: Member, head: number): number {
  return intervals.at(-1)?.upTo ?? head;
}
