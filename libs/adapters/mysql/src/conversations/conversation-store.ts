import { isGroupId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ConversationStore, UnreadCounts } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { markReadInGroup } from '../groups/mark-in-group.ts';
import { DedupTrimmer } from './dedup-trimmer.ts';
import { conversationEntry, entryKey, entryOf, SELECT_ENTRIES } from './entry-rows.ts';
import { markRead } from './mark-read.ts';
import { recordActions } from './record-actions.ts';
import { recordMessages } from './record-messages.ts';
import { recount } from './recount.ts';

const BY_KEY = `${SELECT_ENTRIES} FORCE INDEX (PRIMARY) WHERE (conversation_id, user_id) IN (?)`;
const NEWEST_FIRST = 'ORDER BY updated_at DESC, conversation_id DESC LIMIT ?';
const LIST = `${SELECT_ENTRIES} WHERE user_id = ? ${NEWEST_FIRST}`;
const LIST_BELOW = `${SELECT_ENTRIES} WHERE user_id = ? AND updated_at <= ?
  AND (updated_at < ? OR conversation_id < ?) ${NEWEST_FIRST}`;
/** One statement, so that counts and head belong to the same moment. */
const UNREAD = `SELECT inbox_heads.head, entry.conversation_id, entry.unread FROM inbox_heads
  LEFT JOIN conversation_entries AS entry ON entry.user_id = inbox_heads.user_id AND entry.unread > 0 WHERE inbox_heads.user_id = ?`;

export interface ConversationStoreOptions {
  database: Database;
  dedupWindowMs: number;
  logger: Logger;
}

export function createConversationStore({
  database,
  dedupWindowMs,
  logger,
}: ConversationStoreOptions): ConversationStore {
  const trimmer = new DedupTrimmer(database, dedupWindowMs, logger);
  return {
    async record(messages) {
      const outcomes = await recordMessages({ database, dedupWindowMs }, messages);
      trimmer.recorded(messages.length);
      return outcomes;
    },
    markRead: (mark) => (isGroupId(mark.conversationId) ? markReadInGroup : markRead)(database, mark),
    act: async (actions) => (actions.length === 0 ? [] : recordActions(database, actions)),
    async entries(keys) {
      if (keys.length === 0) return [];
      const values = [keys.map(({ conversationId, userId }) => [conversationId, userId])];
      const { rows } = await database.run({ sql: BY_KEY, values });
      const found = new Map(rows.map(entryOf).map((entry) => [entryKey(entry), conversationEntry(entry)]));
      return keys.map((key) => found.get(entryKey(key)) ?? null);
    },
    async list(userId, limit, before) {
      const { rows } = await database.run(
        before === undefined
          ? { sql: LIST, values: [userId, limit] }
          : { sql: LIST_BELOW, values: [userId, before.updatedAt, before.updatedAt, before.conversationId, limit] },
      );
      return rows.map((row) => conversationEntry(entryOf(row)));
    },
    async unread(userId) {
      const { rows } = await database.run({ sql: UNREAD, values: [userId] });
      const counts: UnreadCounts = { userId, total: 0, byConversation: {}, position: 0 };
      for (const row of rows) {
        const [head, conversationId, unread] = row as [number, string | null, number];
        counts.position = head;
        if (conversationId === null) continue;
        counts.byConversation[conversationId] = unread;
        counts.total += unread;
      }
      return counts;
    },
    recount: (cursor, options) => recount(database, cursor, options),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
