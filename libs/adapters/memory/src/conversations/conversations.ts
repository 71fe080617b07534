import { type Clock, DEFAULT_LIMITS, inboxOf, isGroupId } from '@chasqui/domain';
import type { ConversationEntry, ConversationStore, DriftReport, UnreadCounts } from '@chasqui/ports';
import type { CountedEntry, KeptConversations } from './kept-conversations.ts';
import { markGroupRead } from './mark-group-read.ts';
import { recordAction } from './record-action.ts';
import { forgetKeys, recordMessage, unreadState } from './record-message.ts';

export interface ConversationsOptions {
  state: KeptConversations;
  clock: Clock;
  dedupWindowMs?: number;
}

function shown({ unreadIds: _, ...entry }: CountedEntry): ConversationEntry {
  return { ...entry, read: { ...entry.read } };
}

/** Most recently updated first, then by conversation, which gives paging a stable order. */
function newerFirst(a: Pick<ConversationEntry, 'updatedAt' | 'conversationId'>, b: typeof a): number {
  if (a.updatedAt !== b.updatedAt) return b.updatedAt - a.updatedAt;
  return a.conversationId < b.conversationId ? 1 : a.conversationId > b.conversationId ? -1 : 0;
}

function recountUser(state: KeptConversations, userId: string, repair: boolean): DriftReport[] {
  return state.entriesOf(userId).flatMap((entry) => {
    const { conversationId, unread: stored } = entry;
    const recomputed = entry.unreadIds.length;
    if (repair) entry.unread = recomputed;
    return stored === recomputed ? [] : [{ userId, conversationId, count: 'unread', stored, recomputed }];
  });
}

export function createConversations({
  state,
  clock,
  dedupWindowMs = DEFAULT_LIMITS.dedupWindowMs,
}: ConversationsOptions): ConversationStore {
  return {
    async record(messages) {
      const now = clock.now();
      forgetKeys(state, now - dedupWindowMs);
      return messages.map((message) => recordMessage(state, message, now));
    },

    async markRead(mark) {
      const { userId, conversationId, ...read } = mark;
      if (isGroupId(conversationId)) return markGroupRead(state, mark, clock.now());
      const { upTo, at } = read;
      const entry = state.entry(userId, conversationId);
      const from = entry?.read.upTo ?? '';
      if (entry === undefined || upTo <= from) {
        const unread = unreadState(state, userId, conversationId);
        return { changed: false, from, upTo, unread, position: unread.position };
      }
      entry.read = read;
      entry.unreadIds = entry.unreadIds.filter((id) => id > upTo);
      entry.unread = entry.unreadIds.length;
      const update = { type: 'read', conversationId, upTo, at } as const;
      const position = state.log(inboxOf(userId)).append(update, clock.now());
      return { changed: true, from, upTo, unread: unreadState(state, userId, conversationId), position };
    },

    async act(actions) {
      return actions.map((action) => recordAction(state, action, clock.now()));
    },

    async entries(keys) {
      return keys.map(({ userId, conversationId }) => {
        const entry = state.entry(userId, conversationId);
        return entry === undefined ? null : shown(entry);
      });
    },

    async list(userId, limit, before) {
      const entries = state.entriesOf(userId).sort(newerFirst);
      const from = before === undefined ? entries : entries.filter((entry) => newerFirst(before, entry) < 0);
      return from.slice(0, limit).map(shown);
    },

    async unread(userId) {
      const counts: UnreadCounts = {
        userId,
        total: 0,
        byConversation: {},
        position: state.logs.get(inboxOf(userId))?.head ?? 0,
      };
      for (const { conversationId, unread } of state.entriesOf(userId)) {
        if (unread > 0) counts.byConversation[conversationId] = unread;
        counts.total += unread;
      }
      return counts;
    },

    async recount(cursor, { repair, limit }) {
      const users = [...state.entries.keys()].sort().filter((userId) => cursor === null || userId > cursor);
      const page = users.slice(0, limit);
      return {
        users: page.length,
        drift: page.flatMap((userId) => recountUser(state, userId, repair)),
        cursor: users.length > limit ? (page.at(-1) ?? null) : null,
      };
    },

    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
