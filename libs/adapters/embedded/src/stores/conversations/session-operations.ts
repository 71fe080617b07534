import type { InboxUpdate } from '@chasqui/domain';
import type { SessionRow } from '@chasqui/ports';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import type { MarkReadReply, StoreOperations } from '../store-operations.ts';
import { type Conversation, otherSide } from './conversations.ts';
import { EntryType, type InboxRow } from './inbox-row.ts';
import { recordMessages, TOUCH_MS } from './record-messages.ts';
import { recount } from './recount.ts';
import { emptySilenced, lastSilenced } from './silenced.ts';
import { countAbove, setUnread, sideOf, totalUnread, unreadCounts } from './unread.ts';
import type { User } from './users.ts';

type SessionOperations = Handlers<Pick<StoreOperations, Extract<keyof StoreOperations, `sessions.${string}`>>>;

/** An inbox row that holds an update as JSON. */
function updateRow(update: InboxUpdate, now: number): InboxRow {
  return { at: now, type: EntryType.update, conversation: null, ref: null, body: JSON.stringify(update), previous: 0 };
}

function sessionRow(store: StoreContext, conversation: Conversation, user: User): SessionRow {
  const side = sideOf(conversation, user);
  const silenced = lastSilenced(store, conversation, side);
  const shared = {
    lastMessageId: conversation.lastId,
    lastFrom: conversation.names[conversation.lastSide],
    preview: conversation.preview,
  };
  const own = { lastMessageId: silenced?.lastId ?? '', lastFrom: user.name, preview: silenced?.preview ?? '' };
  return {
    userId: user.name,
    conversationId: conversation.name,
    peer: conversation.names[otherSide(side)],
    ...(own.lastMessageId > shared.lastMessageId ? own : shared),
    unread: conversation.unread[side],
    readUpTo: conversation.read[side],
    updatedAt: Math.max(conversation.updatedAt, silenced?.updatedAt ?? 0),
  };
}

/** The conversation, if something was recorded in it that the user has. */
function sessionOf(
  store: StoreContext,
  userId: string,
  conversationId: string,
): { conversation: Conversation; user: User } | null {
  const conversation = store.conversations.find(conversationId);
  if (conversation === undefined || !conversation.names.includes(userId)) return null;
  const user = store.users.obtain(userId);
  const isEmpty =
    conversation.lastId === '' && lastSilenced(store, conversation, sideOf(conversation, user)) === undefined;
  return isEmpty ? null : { conversation, user };
}

function markRead(
  store: StoreContext,
  userId: string,
  conversationId: string,
  upTo: string,
  at: number,
  now: number,
): MarkReadReply {
  const session = sessionOf(store, userId, conversationId);
  if (session === null) {
    const user = store.users.find(userId);
    const total = user === undefined ? 0 : totalUnread(store, user);
    return { changed: false, from: '', count: 0, total, head: user?.head ?? 0 };
  }
  const { conversation, user } = session;
  const side = sideOf(conversation, user);
  const from = conversation.read[side];
  const changed = upTo > from;
  if (changed) {
    setUnread(store, conversation, side, user, countAbove(store, conversation, side, user, upTo));
    conversation.read[side] = upTo;
    store.journal.append(user, updateRow({ type: 'read', conversationId, upTo, at }, now));
  }
  return { changed, from, count: conversation.unread[side], total: totalUnread(store, user), head: user.head };
}

function recall(
  store: StoreContext,
  [conversationId, messageId, by, at, silenced]: Parameters<StoreOperations['sessions.recall']>[0],
  now: number,
) {
  const conversation = store.conversations.obtain(conversationId);
  const first = store.db.run('INSERT OR IGNORE INTO recalls VALUES (?, ?)', conversation.id, messageId) === 1;
  if (!first) return null;
  const row = updateRow({ type: 'recall', conversationId, messageId, by, at }, now);
  if (conversation.lastId === messageId) {
    conversation.preview = '';
    store.journal.changed(conversation);
  }
  emptySilenced(store, conversation, messageId);
  const users = conversation.users.map((id) => store.users.byId(id)).filter(({ name }) => !silenced || name === by);
  return Object.fromEntries(users.map((user) => [user.name, store.journal.append(user, row)]));
}

function newerFirst(a: Pick<SessionRow, 'updatedAt' | 'conversationId'>, b: typeof a): number {
  if (a.updatedAt !== b.updatedAt) return b.updatedAt - a.updatedAt;
  return a.conversationId < b.conversationId ? 1 : a.conversationId > b.conversationId ? -1 : 0;
}

/**
 * `touched_at` is at most TOUCH_MS behind the true order, so rows in its order are complete up to a place once what
 * follows lies more than that behind it.
 */
function list(
  store: StoreContext,
  userId: string,
  limit: number,
  updatedAt: number | null,
  conversationId: string,
): SessionRow[] {
  const user = store.users.find(userId);
  if (user === undefined) return [];
  const before = updatedAt === null ? null : { updatedAt, conversationId };
  const rows: SessionRow[] = [];
  const candidates = store.db.iterate(
    'SELECT conversation, touched_at FROM members WHERE user = ? AND touched_at > 0 AND touched_at <= ? ORDER BY touched_at DESC',
    user.id,
    updatedAt ?? Number.MAX_SAFE_INTEGER,
  );
  for (const [id, touchedAt] of candidates) {
    const last = rows[limit - 1];
    if (last !== undefined && (touchedAt as number) + TOUCH_MS <= last.updatedAt) break;
    const row = sessionRow(store, store.conversations.byId(id as number), user);
    if (before !== null && newerFirst(before, row) >= 0) continue;
    if (last !== undefined && newerFirst(last, row) < 0) continue;
    rows.push(row);
    if (rows.length >= limit) rows.sort(newerFirst).splice(limit);
  }
  return rows.sort(newerFirst).slice(0, limit);
}

export function sessionOperations(store: StoreContext): SessionOperations {
  return {
    'sessions.record': (rows, now) => recordMessages(store, rows, now),
    'sessions.markRead': ([userId, conversationId, upTo, at], now) =>
      markRead(store, userId, conversationId, upTo, at, now),
    'sessions.recall': (args, now) => recall(store, args, now),
    'sessions.get'([userId, conversationId]) {
      const session = sessionOf(store, userId, conversationId);
      return session === null ? null : sessionRow(store, session.conversation, session.user);
    },
    'sessions.list': ([userId, limit, updatedAt, conversationId]) =>
      list(store, userId, limit, updatedAt, conversationId),
    'sessions.unread': (userId) => unreadCounts(store, userId),
    'sessions.recount': ([cursor, repair, limit]) => recount(store, cursor, repair, limit),
  };
}
