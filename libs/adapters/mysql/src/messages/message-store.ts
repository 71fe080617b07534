import type { ConversationId, MessageId, Random, StoredMessage } from '@chasqui/domain';
import type { MessageLocator, MessageStore, RaiseResult } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { applyActions } from './apply-actions.ts';
import { droppedBelow, dropRecalled } from './drop-recalled.ts';
import {
  COLUMNS,
  nameOf,
  type PutMessage,
  putRow,
  restored,
  restoredRow,
  sortedKeys,
  storedMessage,
} from './message-row.ts';
import { piecesOf, putPieces } from './pieces.ts';
import { raiseStatuses } from './raise-statuses.ts';
import { NO_BOUND, scanMessages } from './scan-messages.ts';

const PUT = `INSERT INTO messages (${COLUMNS}) VALUES ? ON DUPLICATE KEY UPDATE revision = revision`;
const RESTORE = `REPLACE INTO messages (${COLUMNS}) VALUES ?`;
const GET = `SELECT ${COLUMNS} FROM messages WHERE (conversation_id, message_id) IN (?)`;
const PAGE = `SELECT ${COLUMNS} FROM messages WHERE conversation_id = ? AND message_id < ? AND message_id > ?
  ORDER BY message_id DESC LIMIT ?`;
const REMOVE = 'DELETE FROM messages WHERE (conversation_id, message_id) IN (?)';
const LOCATE = 'SELECT conversation_id FROM messages WHERE message_id = ? LIMIT 1';
const NEWEST = 'SELECT MAX(message_id) FROM messages';

/** `MessageStore` and `MessageLocator` in MySQL. Errors: `store_unavailable`. */
export function createMessageStore(database: Database, random: Random): MessageStore & MessageLocator {
  return {
    async put(messages) {
      for (const piece of putPieces(inKeyOrder(messages))) {
        await database.run({ sql: PUT, values: [piece.map(putRow)] });
      }
    },
    async get(keys) {
      const found = new Map<string, StoredMessage>();
      for (const piece of piecesOf(sortedKeys(keys))) {
        const { rows } = await database.run({ sql: GET, values: [piece] });
        for (const message of rows.map(storedMessage)) found.set(nameOf(message), message);
      }
      return keys.map((key) => found.get(nameOf(key)) ?? null);
    },
    async page(conversationId: ConversationId, { before = NO_BOUND, after = '', limit }) {
      const { rows } = await database.run({ sql: PAGE, values: [conversationId, before, after, limit] });
      return rows.map(storedMessage);
    },
    async raise(changes) {
      const results: RaiseResult[] = [];
      for (const piece of piecesOf(changes)) results.push(...(await raiseStatuses(database, piece)));
      return results;
    },
    apply: async (actions) => (actions.length === 0 ? [] : applyActions(database, actions)),
    async remove(keys) {
      for (const piece of piecesOf(sortedKeys(keys))) await database.run({ sql: REMOVE, values: [piece] });
    },
    async restore(messages) {
      for (const piece of putPieces(inKeyOrder(messages.map(restored)))) {
        await database.run({ sql: RESTORE, values: [piece.map(restoredRow)] });
      }
    },
    scan: (cursor, limit) => scanMessages(database, cursor, limit),
    async locate(messageId) {
      const { rows } = await database.run({ sql: LOCATE, values: [messageId] });
      const [conversationId] = (rows[0] ?? []) as [ConversationId?];
      return conversationId === undefined ? null : { conversationId, messageId };
    },
    async newest() {
      return (await database.run({ sql: NEWEST })).rows[0]?.[0] as MessageId | null;
    },
    dropRecalled: (before) => dropRecalled(database, before, random),
    droppedBelow: () => droppedBelow(database),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}

/** Concurrent puts of the same messages, as after a redelivery, then never wait for each other in a circle. */
function inKeyOrder<One extends PutMessage>(messages: readonly One[]): One[] {
  const named = messages.map((one) => ({ one, name: nameOf(one.message) }));
  named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return named.map(({ one }) => one);
}
