import { inboxOf, type LogUpdate, type MessageId, type Position, STATE_LIMITS, tooManyHidden } from '@chasqui/domain';
import type { ConversationStateStore, EntryKey, MessageKey } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { type Head, lockHeads, saveHeads } from '../logs/log-heads.ts';
import { Appender, isEntry, updateEntry } from '../logs/log-rows.ts';

const AMONG = `SELECT conversation_id, message_id FROM hidden_messages
  WHERE user_id = ? AND (conversation_id, message_id) IN (?)`;
const COUNT = 'SELECT COUNT(*) FROM hidden_messages WHERE user_id = ?';
const PUT = 'INSERT INTO hidden_messages (user_id, conversation_id, message_id) VALUES ?';
const DROP = 'DELETE FROM hidden_messages WHERE user_id = ? LIMIT ?';

interface Hiding {
  position: Position | null;
  update: LogUpdate;
}

function hide(
  database: Database,
  { userId, conversationId }: EntryKey,
  messageIds: readonly MessageId[],
  at: number,
): Promise<Hiding> {
  const log = inboxOf(userId);
  const ids = [...new Set(messageIds)];
  return database.transaction<Hiding>(async (transaction, earlier) => {
    const { locked, answers } = await lockHeads(
      transaction,
      [log],
      [
        { sql: AMONG, values: [userId, ids.map((id) => [conversationId, id])] },
        { sql: COUNT, values: [userId] },
      ],
    );
    if (earlier?.position != null) {
      const { position, update } = earlier;
      if (await isEntry(transaction, { log, position, update })) return { result: earlier, writes: [] };
    }
    const [hidden = [], [count] = []] = answers.map(({ rows }) => rows);
    const known = new Set(hidden.map(([, id]) => id));
    const fresh = ids.filter((id) => !known.has(id));
    const update: LogUpdate = { type: 'hidden', conversationId, messageIds: fresh, at };
    if (fresh.length === 0) return { result: { position: null, update }, writes: [] };
    if (Number(count?.[0]) + fresh.length > STATE_LIMITS.maxHiddenPerUser) throw tooManyHidden();
    const appender = new Appender(database.clock.now());
    const position = appender.append(locked.get(log) as Head, updateEntry(update));
    const put = { sql: PUT, values: [fresh.map((id) => [userId, conversationId, id])] };
    return { result: { position, update }, writes: [put, ...appender.statements(), saveHeads(locked.values())] };
  });
}

/** The part of `ConversationStateStore` about messages that users deleted for themselves. */
export function createHiddenMessages(
  database: Database,
): Pick<ConversationStateStore, 'hide' | 'hiddenAmong' | 'dropHidden'> {
  const nameOf = ({ conversationId, messageId }: MessageKey) => `${conversationId} ${messageId}`;
  return {
    async hide(key, messageIds, at) {
      return messageIds.length === 0 ? null : (await hide(database, key, messageIds, at)).position;
    },
    async hiddenAmong(userId, keys) {
      if (keys.length === 0) return [];
      const pairs = keys.map(({ conversationId, messageId }) => [conversationId, messageId]);
      const { rows } = await database.run({ sql: AMONG, values: [userId, pairs] });
      const hidden = new Set(rows.map(([conversationId, messageId]) => `${conversationId} ${messageId}`));
      return keys.map((key) => hidden.has(nameOf(key)));
    },
    async dropHidden(userId, limit) {
      const { affected } = await database.run({ sql: DROP, values: [userId, limit] });
      return affected;
    },
  };
}
