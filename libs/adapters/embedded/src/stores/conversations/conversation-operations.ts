import {
  actionUpdate,
  groupOf,
  isGroupId,
  type LogUpdate,
  previewAfter,
  type ReadMark,
  removesContent,
} from '@chasqui/domain';
import type { ActionToRecord, ConversationEntry } from '@chasqui/ports';
import type { Handlers } from '../../worker-link/caller.ts';
import { dropReferences } from '../attachments/references.ts';
import { nameInEdit } from '../groups/edit-mentions.ts';
import { markReadInGroup } from '../groups/mark-in-group.ts';
import { dropReactions } from '../reactions/reaction-operations.ts';
import type { StoreContext } from '../store-context.ts';
import type { MarkReadReply, StoreOperations } from '../store-operations.ts';
import type { Entry } from './entry.ts';
import { recordMessages, TOUCH_MS } from './record-messages.ts';
import { recount } from './recount.ts';
import { countAbove, setUnread, totalUnread, unreadCounts } from './unread.ts';
import type { User } from './users.ts';

type ConversationOperations = Handlers<
  Pick<StoreOperations, Extract<keyof StoreOperations, `conversations.${string}`>>
>;

/** Writes only a newer revision. */
const ACT = `INSERT INTO actions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision
  WHERE excluded.revision > revision`;

function shown({ users }: StoreContext, entry: Entry, user: User): ConversationEntry {
  return {
    userId: user.name,
    conversationId: entry.conversation.name,
    lastMessageId: entry.lastId,
    lastFrom: users.byId(entry.lastFrom).name,
    preview: entry.preview,
    unread: entry.unread,
    read: { upTo: entry.readId, at: entry.readAt, node: entry.readNode },
    updatedAt: entry.updatedAt,
  };
}

/** The user's entry, if a message was appended to the user's inbox. */
function entryOf(
  { conversations, users }: StoreContext,
  userId: string,
  conversationId: string,
): { entry: Entry; user: User } | null {
  const conversation = conversations.find(conversationId);
  const user = users.find(userId);
  if (conversation === undefined || user === undefined) return null;
  const entry = conversations.entry(conversation, user);
  return entry === undefined || entry.lastId === '' ? null : { entry, user };
}

function append(store: StoreContext, user: User, update: LogUpdate, now: number): number {
  return store.journal.append(user, JSON.stringify(update), now);
}

type MarkToRead = ReadMark & { conversationId: string };

function markRead(
  store: StoreContext,
  { userId, conversationId, upTo, at, node }: MarkToRead,
  now: number,
): MarkReadReply {
  const found = entryOf(store, userId, conversationId);
  if (found === null) {
    const user = store.users.find(userId);
    const total = user === undefined ? 0 : totalUnread(store, user);
    return { changed: false, from: '', upTo, count: 0, total, head: user?.head ?? 0 };
  }
  const { entry, user } = found;
  const from = entry.readId;
  const changed = upTo > from;
  if (changed) {
    setUnread(store, entry, user, countAbove(store, entry, user, upTo));
    Object.assign(entry, { readId: upTo, readAt: at, readNode: node } satisfies Partial<Entry>);
    append(store, user, { type: 'read', conversationId, upTo, at }, now);
  }
  return { changed, from, upTo, count: entry.unread, total: totalUnread(store, user), head: user.head };
}

function act(store: StoreContext, { audience, ...action }: ActionToRecord, now: number) {
  const { conversations, users, journal, db } = store;
  const { conversationId, messageId, revision } = action;
  const conversation = conversations.obtain(conversationId);
  if (db.run(ACT, conversation.id, messageId, revision) === 0) return null;
  if (removesContent(action)) {
    dropReferences(db, conversationId, messageId, now);
    dropReactions(db, conversation.id, messageId);
  }
  if (action.action === 'edit' && action.mentions !== undefined) nameInEdit(store, action, action.mentions, now);
  const preview = previewAfter(action);
  return audience.map((log) => {
    const user = users.obtain(log);
    if (groupOf(log) !== null) setGroupPreview(store, { conversationId, messageId, preview });
    const entry = conversations.entry(conversation, user);
    if (entry?.lastId === messageId) {
      entry.preview = preview;
      journal.changed(entry);
    }
    return { log, position: append(store, user, actionUpdate(action, action), now) };
  });
}

function setGroupPreview(
  { groups, groupJournal }: StoreContext,
  { conversationId, messageId, preview }: { conversationId: string; messageId: string; preview: string },
): void {
  const state = groups.find(conversationId);
  if (state?.group.lastMessageId === messageId) groupJournal.setLast(state, { preview });
}

function newerFirst(a: Pick<ConversationEntry, 'updatedAt' | 'conversationId'>, b: typeof a): number {
  if (a.updatedAt !== b.updatedAt) return b.updatedAt - a.updatedAt;
  return a.conversationId < b.conversationId ? 1 : a.conversationId > b.conversationId ? -1 : 0;
}

/**
 * `touchedAt` lags the true order by at most TOUCH_MS. So a list ordered by it is complete up to an entry once all
 * further ones lag by more than that.
 */
function list(
  store: StoreContext,
  userId: string,
  limit: number,
  updatedAt: number | null,
  conversationId: string,
): ConversationEntry[] {
  const user = store.users.find(userId);
  if (user === undefined) return [];
  const before = updatedAt === null ? null : { updatedAt, conversationId };
  const entries: ConversationEntry[] = [];
  for (const entry of store.conversations.latest(user, updatedAt ?? Number.MAX_SAFE_INTEGER)) {
    const last = entries[limit - 1];
    if (last !== undefined && entry.touchedAt + TOUCH_MS <= last.updatedAt) break;
    const row = shown(store, entry, user);
    if (before !== null && newerFirst(before, row) >= 0) continue;
    if (last !== undefined && newerFirst(last, row) < 0) continue;
    entries.push(row);
    if (entries.length >= limit) entries.sort(newerFirst).splice(limit);
  }
  return entries.sort(newerFirst).slice(0, limit);
}

export function conversationOperations(store: StoreContext): ConversationOperations {
  return {
    'conversations.record': (values, now) => recordMessages(store, values, now),
    'conversations.markRead': (mark, now) =>
      isGroupId(mark.conversationId) ? markReadInGroup(store, mark, now) : markRead(store, mark, now),
    'conversations.act': (actions, now) => actions.map((action) => act(store, action, now)),
    'conversations.entries': (keys) =>
      keys.map(({ userId, conversationId }) => {
        const found = entryOf(store, userId, conversationId);
        return found === null ? null : shown(store, found.entry, found.user);
      }),
    'conversations.list': ([userId, limit, updatedAt, conversationId]) =>
      list(store, userId, limit, updatedAt, conversationId),
    'conversations.unread': (userId) => unreadCounts(store, userId),
    'conversations.recount': ([cursor, repair, limit]) => recount(store, cursor, repair, limit),
  };
}
