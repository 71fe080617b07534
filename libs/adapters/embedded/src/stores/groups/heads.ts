import { groupAsSeenBy, isCurrent, type Member, type MemberKey } from '@chasqui/domain';
import { countGroup, type GroupHead, type GroupStore, type GroupUnread, logEpoch } from '@chasqui/ports';
import type { StoreContext } from '../store-context.ts';
import { unreadOf } from './counts.ts';
import type { GroupState } from './groups.ts';
import { MEMBER_COLUMNS, memberRowOf } from './members.ts';

const OF_USER = `SELECT m.conversation, m.left_at, g.updated_at FROM members m
  JOIN groups g ON g.conversation = m.conversation WHERE m.name = ?`;
/** Former memberships are listed for this long, in ms. */
const LISTED_MS = 30 * 86_400_000;
const MEMBERSHIPS = `SELECT conversation, ${MEMBER_COLUMNS} FROM members
  WHERE name = ? AND (left_at = 0 OR left_at >= ?) ORDER BY left_at LIMIT ?`;

/** See `GroupStore.heads`. */
export function headsOfUser(
  store: StoreContext,
  userId: string,
  options: Parameters<GroupStore['heads']>[1],
): GroupHead[] {
  const { since = 0, before, limit } = options;
  const latest = before?.updatedAt ?? Number.POSITIVE_INFINITY;
  const found: { id: number; updatedAt: number }[] = [];
  for (const row of store.db.all(OF_USER, userId)) {
    const [id, leftAt, written] = row as [number, number, number];
    const updatedAt = leftAt > 0 ? leftAt : (store.groups.dirty.get(id)?.group.updatedAt ?? written);
    if (updatedAt >= since && updatedAt <= latest) found.push({ id, updatedAt });
  }
  return found
    .map(({ id, updatedAt }) => ({ updatedAt, conversationId: store.conversations.byId(id).name }))
    .filter((one) => before === undefined || newerFirst(before, one) < 0)
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

const CURRENT = `SELECT conversation, user, read_others, read_mentions FROM members WHERE name = ? AND left_at = 0`;

/** See `GroupStore.unread`. */
export function unreadIn(store: StoreContext, userId: string): GroupUnread {
  const counts: GroupUnread = { total: 0, byConversation: {}, mentions: {} };
  for (const row of store.db.all(CURRENT, userId)) {
    const [id, user, others, mentions] = row as [number, number, number, number];
    const { name } = store.conversations.byId(id);
    countGroup(counts, name, unreadOf(store, id, { user, read: { others, mentions } }));
  }
  return counts;
}

/** See `GroupStore.memberships`. */
export function membershipsOf(
  { db, conversations }: StoreContext,
  userId: string,
  limit: number,
  now: number,
): Member[] {
  return db
    .all(MEMBERSHIPS, userId, now - LISTED_MS, limit)
    .map(([id, ...values]) => memberRowOf(db, conversations.byId(id as number).name, values).member);
}

/** One text for all groups, made by the engine: a row and a copy between threads for each would cost ten times as much. */
const STAYS = `SELECT json_group_array(json_array(c.name,
    CASE WHEN json_valid(m.body) THEN json_extract(m.body, '$.intervals[#-1]') END))
  FROM (SELECT conversation, body FROM members WHERE name = ? AND left_at = 0 LIMIT ?) AS m
  JOIN conversations AS c ON c.id = m.conversation`;
const NO_INTERVAL = /,null\]/;

/** See `GroupStore.stays`: JSON of pairs, conversation and interval. Members whose row is damaged are left out. */
export function staysOf(store: StoreContext, userId: string, limit: number): string {
  const [text] = store.db.get(STAYS, userId, limit) as [string];
  if (!NO_INTERVAL.test(text)) return text;
  // Reading the rows one by one notes which are damaged.
  const members = membershipsOf(store, userId, limit, Number.POSITIVE_INFINITY);
  const stays = members.map(({ conversationId, intervals }) => [conversationId, intervals.at(-1)] as const);
  return JSON.stringify(stays.filter(([, interval]) => interval !== undefined && interval.upTo === undefined));
}
