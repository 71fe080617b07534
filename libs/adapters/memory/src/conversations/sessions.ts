import { type Clock, DEFAULT_LIMITS, membersOf } from '@chasqui/domain';
import type { DriftReport, SessionRow, SessionStore, UnreadCounts } from '@chasqui/ports';
import type { ConversationState, CountedRow } from './conversation-state.ts';
import { forgetKeys, recordMessage, unreadState } from './record-message.ts';

export interface SessionsOptions {
  state: ConversationState;
  clock: Clock;
  dedupWindowMs?: number;
}

function publicRow({ unreadIds: _, ...row }: CountedRow): SessionRow {
  return row;
}

/** Most recently updated first; among equals by conversation, so that paging has an order to hold on to. */
function newerFirst(a: Pick<SessionRow, 'updatedAt' | 'conversationId'>, b: typeof a): number {
  if (a.updatedAt !== b.updatedAt) return b.updatedAt - a.updatedAt;
  return a.conversationId < b.conversationId ? 1 : a.conversationId > b.conversationId ? -1 : 0;
}

function recountUser(state: ConversationState, userId: string, repair: boolean): DriftReport[] {
  return state.rowsOf(userId).flatMap((row) => {
    const { conversationId, unread: stored } = row;
    const recomputed = row.unreadIds.length;
    if (repair) row.unread = recomputed;
    return stored === recomputed ? [] : [{ userId, conversationId, stored, recomputed }];
  });
}

export function createSessions({
  state,
  clock,
  dedupWindowMs = DEFAULT_LIMITS.dedupWindowMs,
}: SessionsOptions): SessionStore {
  return {
    async record(messages) {
      const now = clock.now();
      forgetKeys(state, now - dedupWindowMs);
      return messages.map((message) => recordMessage(state, message, now));
    },

    async markRead(userId, conversationId, upTo, at) {
      const row = state.row(userId, conversationId);
      const from = row?.readUpTo ?? '';
      if (row === undefined || upTo <= from) {
        const unread = unreadState(state, userId, conversationId);
        return { changed: false, from, upTo, unread, position: unread.position };
      }
      row.readUpTo = upTo;
      row.unreadIds = row.unreadIds.filter((id) => id > upTo);
      row.unread = row.unreadIds.length;
      const position = state.inbox(userId).append({ type: 'read', conversationId, upTo, at }, clock.now());
      return { changed: true, from, upTo, unread: unreadState(state, userId, conversationId), position };
    },

    async recall(conversationId, messageId, by, at, silenced = false) {
      const key = `${conversationId} ${messageId}`;
      if (state.recalled.has(key)) return null;
      state.recalled.add(key);
      const update = { type: 'recall', conversationId, messageId, by, at } as const;
      const positions: { [userId: string]: number } = {};
      for (const userId of silenced ? [by] : membersOf(conversationId)) {
        positions[userId] = state.inbox(userId).append(update, clock.now());
        const row = state.row(userId, conversationId);
        if (row?.lastMessageId === messageId) row.preview = '';
      }
      return positions;
    },

    async get(userId, conversationId) {
      const row = state.row(userId, conversationId);
      return row === undefined ? null : publicRow(row);
    },

    async list(userId, limit, before) {
      const rows = state.rowsOf(userId).sort(newerFirst);
      const from = before === undefined ? rows : rows.filter((row) => newerFirst(before, row) < 0);
      return from.slice(0, limit).map(publicRow);
    },

    async unread(userId) {
      const counts: UnreadCounts = {
        userId,
        total: 0,
        byConversation: {},
        position: state.inboxes.get(userId)?.head ?? 0,
      };
      for (const { conversationId, unread } of state.rowsOf(userId)) {
        if (unread > 0) counts.byConversation[conversationId] = unread;
        counts.total += unread;
      }
      return counts;
    },

    async recount(cursor, { repair, limit }) {
      const users = [...state.rows.keys()].sort().filter((userId) => cursor === null || userId > cursor);
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
