import type { Logger } from '@chasqui/kit';
import type { SessionStore, UnreadCounts } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { DedupTrimmer } from './dedup-trimmer.ts';
import { markRead } from './mark-read.ts';
import { recall } from './recall.ts';
import { recordMessages } from './record-messages.ts';
import { recount } from './recount.ts';
import { SELECT_SIDES, sessionRow, sideOf } from './session-rows.ts';

const ONE = `${SELECT_SIDES} WHERE conversation_id = ? AND user_id = ?`;
const NEWEST_FIRST = 'ORDER BY updated_at DESC, conversation_id DESC LIMIT ?';
const LIST = `${SELECT_SIDES} WHERE user_id = ? ${NEWEST_FIRST}`;
const LIST_BELOW = `${SELECT_SIDES} WHERE user_id = ? AND updated_at <= ?
  AND (updated_at < ? OR conversation_id < ?) ${NEWEST_FIRST}`;
/** One statement, so that counts and head are of one moment. */
const UNREAD = `SELECT inbox_heads.head, sessions.conversation_id, sessions.unread FROM inbox_heads
  LEFT JOIN sessions ON sessions.user_id = inbox_heads.user_id AND sessions.unread > 0 WHERE inbox_heads.user_id = ?`;

export interface SessionStoreOptions {
  database: Database;
  dedupWindowMs: number;
  logger: Logger;
}

export function createSessionStore({ database, dedupWindowMs, logger }: SessionStoreOptions): SessionStore {
  const trimmer = new DedupTrimmer(database, dedupWindowMs, logger);
  return {
    async record(messages) {
      const outcomes = await recordMessages({ database, dedupWindowMs }, messages);
      trimmer.recorded(messages.length);
      return outcomes;
    },
    markRead: (userId, conversationId, upTo, at) => markRead(database, { userId, conversationId, upTo, at }),
    recall: async (conversationId, messageId, by, at, silenced = false) =>
      recall(database, { conversationId, messageId, by, at, silenced }),
    async get(userId, conversationId) {
      const { rows } = await database.run({ sql: ONE, values: [conversationId, userId] });
      return rows[0] === undefined ? null : sessionRow(sideOf(rows[0]));
    },
    async list(userId, limit, before) {
      const { rows } = await database.run(
        before === undefined
          ? { sql: LIST, values: [userId, limit] }
          : { sql: LIST_BELOW, values: [userId, before.updatedAt, before.updatedAt, before.conversationId, limit] },
      );
      return rows.map((row) => sessionRow(sideOf(row)));
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
