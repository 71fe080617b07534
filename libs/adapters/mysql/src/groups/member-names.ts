import {
  inboxOf,
  isFoundAt,
  MEMBER_NAME_RULES,
  memberOrder,
  memberSearch,
  memberWords,
  type Profile,
  ROLES,
  type UserId,
} from '@chasqui/domain';
import { type FoundMembers, type GroupStore, MAX_FOUND_WORDS, type NamedMember } from '@chasqui/ports';
import type { Answer, Database, Row, Statement, Transaction } from '../engine/index.ts';
import type { Link } from '../engine/link.ts';
import { lockHeads } from '../logs/log-heads.ts';
import { memberColumns, memberOfRow, SELECT_MEMBERS } from './group-rows.ts';

const PROFILES = 'SELECT user_id, body FROM profiles WHERE user_id IN (?)';
const IN_GROUPS = 'SELECT conversation_id, display_name FROM group_members WHERE user_id = ? AND left_at = 0';
const SET = 'UPDATE group_members SET display_name = ?, display_order = ? WHERE conversation_id IN (?) AND user_id = ?';
const ADD_WORDS = 'INSERT IGNORE INTO group_member_words (conversation_id, word, user_id) VALUES ?';
const DROP_WORDS = 'DELETE FROM group_member_words WHERE (conversation_id, word, user_id) IN (?)';
const BY_NAME = `${SELECT_MEMBERS} FORCE INDEX (by_name) WHERE m.conversation_id = ? AND m.left_at = 0
  AND (m.role > ? OR (m.role = ? AND m.display_order > ?) OR (m.role = ? AND m.display_order = ? AND m.user_id > ?))
  AND m.role <= ? ORDER BY m.role, m.display_order, m.user_id LIMIT ?`;
const FIND = `SELECT w.word, ${memberColumns('m')} FROM group_member_words AS w FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN group_members AS m ON m.conversation_id = w.conversation_id AND m.user_id = w.user_id
  WHERE w.conversation_id = ? AND (w.word > ? OR (w.word = ? AND w.user_id > ?)) AND w.word < ?
  ORDER BY w.word, w.user_id LIMIT ?`;

/** The profiles of users, for `namesOf`. */
export function selectNames(userIds: readonly UserId[]): Statement {
  return { sql: PROFILES, values: [userIds.length === 0 ? [''] : userIds] };
}

/** The names that others see, by user; who has no profile is missing. */
export function namesOf(answer: Answer | undefined): Map<UserId, string> {
  return new Map(
    answer?.rows.map(([userId, body]) => [userId as string, (JSON.parse(body as string) as Profile).displayName]),
  );
}

interface Renamed {
  conversationId: string;
  userId: UserId;
  /** Null: not a member. */
  before: string | null;
  now: string | null;
}

/** Makes the search words of members those of their names. */
export function saveWords(renamed: readonly Renamed[]): Statement[] {
  const dropped: Row[] = [];
  const added: Row[] = [];
  for (const { conversationId, userId, before, now } of renamed) {
    const wordsOf = (name: string | null) => new Set(name === null ? [] : memberWords(userId, name));
    const [old, wanted] = [wordsOf(before), wordsOf(now)];
    for (const word of old.difference(wanted)) dropped.push([conversationId, word, userId]);
    for (const word of wanted.difference(old)) added.push([conversationId, word, userId]);
  }
  return [
    ...(dropped.length === 0 ? [] : [{ sql: DROP_WORDS, values: [dropped] }]),
    ...(added.length === 0 ? [] : [{ sql: ADD_WORDS, values: [added] }]),
  ];
}

/**
 * What makes all groups of a user list another name. Locks the user's inbox, as whoever adds the user to a group does:
 * none of the two misses the other.
 */
export async function renameInGroups(
  transaction: Transaction,
  userId: UserId,
  displayName: string,
): Promise<Statement[]> {
  await lockHeads(transaction, [inboxOf(userId)]);
  const [found] = await transaction.query([{ sql: IN_GROUPS, values: [userId] }]);
  const renamed = (found?.rows ?? []).map(([conversationId, before]) => ({
    conversationId: conversationId as string,
    userId,
    before: before as string,
    now: displayName,
  }));
  if (renamed.length === 0) return [];
  const ids = renamed.map(({ conversationId }) => conversationId);
  return [{ sql: SET, values: [displayName, memberOrder(displayName), ids, userId] }, ...saveWords(renamed)];
}

/** See `GroupStore.byName`. */
export async function membersByName(
  database: Database,
  conversationId: string,
  { role, after, limit }: Parameters<GroupStore['byName']>[1],
): Promise<NamedMember[]> {
  const only = role === undefined ? null : ROLES.indexOf(role);
  const start = after === undefined ? (only ?? 0) : ROLES.indexOf(after.role);
  const [order, userId] = [after?.order ?? '', after?.userId ?? ''];
  const place = [start, start, order, start, order, userId];
  const { rows } = await database.run({
    sql: BY_NAME,
    values: [conversationId, ...place, only ?? ROLES.length, limit],
  });
  return rows.map(namedOf);
}

/** See `GroupStore.find`. */
export async function findMembers(
  database: Database,
  conversationId: string,
  { text, role, after, limit }: Parameters<GroupStore['find']>[1],
): Promise<FoundMembers> {
  const search = memberSearch(text);
  if (search === null) return { members: [] };
  const members: NamedMember[] = [];
  let place = after ?? { word: search.lead, userId: '' };
  for (let read = 0; read < MAX_FOUND_WORDS; ) {
    const some = Math.min(limit + 1, MAX_FOUND_WORDS - read);
    const values = [conversationId, place.word, place.word, place.userId, `${search.lead}\u{10ffff}`, some];
    const { rows } = await database.run({ sql: FIND, values });
    for (const [word, ...row] of rows) {
      if (members.length === limit) return { members, next: place };
      const found = namedOf(row);
      const { userId } = found.member;
      place = { word: word as string, userId };
      if (role !== undefined && found.member.role !== role) continue;
      if (isFoundAt(place.word, memberWords(userId, found.displayName), search)) members.push(found);
    }
    if (rows.length < some) return { members };
    read += rows.length;
  }
  return { members, next: place };
}

function namedOf(row: Row): NamedMember {
  const { member, displayName } = memberOfRow(row);
  return { member, displayName };
}

const PAGE = 500;
const RULES = "SELECT value FROM meta WHERE name = 'member_name_rules'";
const SET_RULES = "REPLACE INTO meta (name, value) VALUES ('member_name_rules', ?)";
const ROWS = `SELECT conversation_id, user_id, left_at FROM group_members
  WHERE conversation_id > ? OR (conversation_id = ? AND user_id > ?) ORDER BY conversation_id, user_id LIMIT ${PAGE} FOR UPDATE`;

/**
 * Recomputes the names of all members that follow an older version's rules. Changes of those members meanwhile wait for
 * their page. An interrupted run starts again with the next setup. Errors: the driver's.
 */
export async function renewMemberNames(link: Link): Promise<void> {
  const [kept] = await link.run([{ sql: RULES }]);
  if (kept?.rows[0]?.[0] === String(MEMBER_NAME_RULES)) return;
  await link.run([{ sql: 'DELETE FROM group_member_words' }]);
  for (let last = ['', '']; ; ) {
    const [group = '', user = ''] = last;
    const [, page] = await link.run([{ sql: 'START TRANSACTION' }, { sql: ROWS, values: [group, group, user] }]);
    const rows = (page?.rows ?? []) as [string, string, number][];
    const [answer] = await link.run([selectNames([...new Set(rows.map(([, userId]) => userId))])]);
    const names = namesOf(answer);
    const renamed = rows.map(([conversationId, userId, leftAt]) => {
      const displayName = names.get(userId) ?? userId;
      return { conversationId, userId, displayName, before: null, now: leftAt === 0 ? displayName : null };
    });
    const sets = renamed.map(({ conversationId, userId, displayName }) => ({
      sql: SET,
      values: [displayName, memberOrder(displayName), [conversationId], userId],
    }));
    await link.run([...sets, ...saveWords(renamed), { sql: 'COMMIT' }]);
    if (rows.length < PAGE) break;
    last = rows.at(-1)?.slice(0, 2) as [string, string];
  }
  await link.run([{ sql: SET_RULES, values: [String(MEMBER_NAME_RULES)] }]);
}
