import { groupAsSeenBy, isCurrent, type Member, type MemberKey } from '@chasqui/domain';
import { countGroup, type GroupHead, type GroupStore, type GroupUnread, logEpoch } from '@chasqui/ports';
import type { Database } from '../../sqlite/database.ts';
import type { StoreContext } from '../store-context.ts';
import { unreadOf } from './counts.ts';
import type { GroupState } from './groups.ts';
import { MEMBER_COLUMNS, memberRowOf } from './members.ts';

/** Those updated since ?2, or with mentions by edits since then; ?3: the ids of those that memory knows to be updated, as JSON. */
const GROUPS_OF = `SELECT m.conversation, g.updated_at FROM members m JOIN groups g ON g.conversation = m.conversation
  WHERE m.name = ?1 AND m.left_at = 0 AND (g.updated_at >= ?2 OR m.conversation IN (SELECT value FROM json_each(?3))
    OR EXISTS (SELECT 1 FROM edit_mentions e WHERE e.conversation = m.conversation AND e.user = m.user AND e.at >= ?2))`;
/** As many as a page needs: users leave any number of groups. ?6: also those that are in no list of theirs. */
export const LEFT = `SELECT c.name, m.left_at FROM members m CROSS JOIN conversations c ON c.id = m.conversation
  WHERE m.name = ?1 AND m.left_at >= ?2 AND m.left_at <= ?3 AND (m.left_at < ?3 OR c.name < ?4)
    AND (?6 OR (SELECT dissolved_at = 0 OR m.left_at <= dissolved_at FROM groups g WHERE g.conversation = m.conversation))
  ORDER BY m.left_at DESC, c.name DESC LIMIT ?5`;
/** Former memberships are listed for this long, in ms. */
const LISTED_MS = 30 * 86_400_000;
const CURRENT = 'FROM members WHERE name = ? AND left_at = 0';
const EXISTING_FIRST = `${CURRENT}
  ORDER BY (SELECT dissolved_at > 0 FROM groups WHERE groups.conversation = members.conversation)`;
const COUNT_CURRENT = `SELECT count(*) FROM (SELECT 1 ${CURRENT} LIMIT ?)`;
export const FORMER_MEMBERS = `SELECT conversation, ${MEMBER_COLUMNS} FROM members
  WHERE name = ? AND left_at >= ? ORDER BY left_at DESC LIMIT ?`;

/** See `GroupStore.heads`. */
export function headsOfUser(
  store: StoreContext,
  userId: string,
  options: Parameters<GroupStore['heads']>[1],
): GroupHead[] {
  const { since = 0, before = { updatedAt: Number.MAX_SAFE_INTEGER, conversationId: '' }, unlisted, limit } = options;
  const latest = before.updatedAt;
  const dirty = [...store.groups.dirty.values()].filter(({ group }) => group.updatedAt >= since).map(({ id }) => id);
  const current: { id: number; updatedAt: number }[] = [];
  for (const row of store.db.all(GROUPS_OF, userId, since, JSON.stringify(dirty))) {
    const [id, written] = row as [number, number];
    const updatedAt = store.groups.dirty.get(id)?.group.updatedAt ?? written;
    if (updatedAt <= latest) current.push({ id, updatedAt });
  }
  const from = Math.max(1, since);
  const left = store.db.all(LEFT, userId, from, latest, before.conversationId, limit, unlisted === true ? 1 : 0);
  return current
    .map(({ id, updatedAt }) => ({ updatedAt, conversationId: store.conversations.byId(id).name }))
    .filter((one) => newerFirst(before, one) < 0)
    .concat(left.map(([name, leftAt]) => ({ updatedAt: leftAt as number, conversationId: name as string })))
    .sort(newerFirst)
    .slice(0, limit)
    .flatMap(({ conversationId }) => headOf(store, { conversationId, userId }) ?? []);
}

function newerFirst(a: { updatedAt: number; conversationId: string }, b: typeof a): number {
  if (a.updatedAt !== b.updatedAt) return b.updatedAt - a.updatedAt;
  return a.conversationId < b.conversationId ? 1 : a.conversationId > b.conversationId ? -1 : 0;
}

/** Null: the user never was in the group. */
export function headOf(store: StoreContext, key: MemberKey): GroupHead | null {
  const state = store.groups.find(key.conversationId);
  const row = state && store.members.find(state.id, key);
  if (state === undefined || row === undefined) return null;
  const { member, read } = row;
  const counts = isCurrent(member) ? unreadOf(store, state.id, row) : { unread: 0, mentions: 0 };
  const { upTo, at, node } = read;
  const group = groupAsSeenBy(state.group, member);
  return { group, member, ...logOf(store, state, member), read: { upTo, at, node }, ...counts };
}

/** The log's head, as far as the member sees it. */
function logOf({ users, epoch }: StoreContext, { log }: GroupState, { intervals }: Member) {
  const { head, life } = users.find(log) ?? { head: 0, life: 0 };
  return { head: intervals.at(-1)?.upTo ?? head, epoch: logEpoch(epoch, life) };
}

const COUNTED = `SELECT conversation, user, read_id, read_others, read_mentions FROM members WHERE name = ? AND left_at = 0`;

/** See `GroupStore.unread`. */
export function unreadIn(store: StoreContext, userId: string): GroupUnread {
  const counts: GroupUnread = { total: 0, byConversation: {}, mentions: {} };
  for (const row of store.db.all(COUNTED, userId)) {
    const [id, user, upTo, others, mentions] = row as [number, number, string, number, number];
    const { name } = store.conversations.byId(id);
    countGroup(counts, name, unreadOf(store, id, { user, read: { upTo, others, mentions } }));
  }
  return counts;
}

/** Groups that were dissolved may be any number until they are left: sorted only if not all are read. */
function currentOf(db: Database, userId: string, limit: number): string {
  return db.number(COUNT_CURRENT, userId, limit + 1) > limit ? EXISTING_FIRST : CURRENT;
}

/** See `GroupStore.memberships`. */
export function membershipsOf(
  { db, conversations }: StoreContext,
  userId: string,
  limit: number,
  now: number,
): Member[] {
  const sql = `SELECT conversation, ${MEMBER_COLUMNS} ${currentOf(db, userId, limit)} LIMIT ?`;
  const current = db.all(sql, userId, limit);
  const former = db.all(FORMER_MEMBERS, userId, Math.max(1, now - LISTED_MS), limit - current.length);
  return [...current, ...former].map(
    ([id, ...values]) => memberRowOf(db, conversations.byId(id as number).name, values).member,
  );
}

/** One text for all groups, made by the engine: a row and a copy between threads for each would cost ten times as much. */
const staysIn = (current: string) => `SELECT json_group_array(json_array(c.name,
    CASE WHEN json_valid(m.body) THEN json_extract(m.body, '$.intervals[#-1]') END))
  FROM (SELECT conversation, body ${current} LIMIT ?) AS m
  JOIN conversations AS c ON c.id = m.conversation`;
const NO_INTERVAL = /,null\]/;

/** See `GroupStore.stays`: JSON of pairs, conversation and interval. Members whose row is damaged are left out. */
export function staysOf(store: StoreContext, userId: string, limit: number): string {
  const [text] = store.db.get(staysIn(currentOf(store.db, userId, limit)), userId, limit) as [string];
  if (!NO_INTERVAL.test(text)) return text;
  // Reading the rows one by one notes which are damaged.
  const members = membershipsOf(store, userId, limit, Number.POSITIVE_INFINITY);
  const stays = members.map(({ conversationId, intervals }) => [conversationId, intervals.at(-1)] as const);
  return JSON.stringify(stays.filter(([, interval]) => interval !== undefined && interval.upTo === undefined));
}
