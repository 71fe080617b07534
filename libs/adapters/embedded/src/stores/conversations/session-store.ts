import { contentDigests, type Message, type MessageToRecord, previewOf } from '@chasqui/domain';
import type { RecordOutcome, SessionStore } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import { OUTCOME_WIDTH, type OutcomeRow, type RecordRow, type StoreOperations } from '../store-operations.ts';

function recordRow(message: MessageToRecord): RecordRow {
  const { conversationId, from, messageId, clientMessageId, content, sentAt, fromDevice, after = '' } = message;
  const silenced = message.silenced ? 1 : 0;
  const [digest, formerDigest = ''] = contentDigests(message);
  return [
    ...([conversationId, from, messageId, clientMessageId, digest, previewOf(content)] as const),
    ...([sentAt, silenced, fromDevice, after, formerDigest] as const),
  ];
}

function outcomeOf(message: Message, row: OutcomeRow): RecordOutcome {
  const [result, newId, senderPosition, receiverPosition, count, total, position] = row;
  if (result === 2) return { result: 'conflict', messageId: newId };
  const { to, conversationId } = message;
  const messageId = newId === '' ? message.messageId : newId;
  const unread = { userId: to, conversationId, count, total, position };
  return { result: result === 0 ? 'recorded' : 'duplicate', messageId, senderPosition, receiverPosition, unread };
}

/** `SessionStore` over a way to the store worker. */
export function createSessionStore(store: Caller<StoreOperations>): SessionStore {
  return {
    async record(messages) {
      if (messages.length === 0) return [];
      const rows: (string | number)[] = [];
      for (const message of messages) rows.push(...recordRow(message));
      const outcomes = await store.call('sessions.record', rows);
      return messages.map((message, i) =>
        outcomeOf(message, outcomes.slice(i * OUTCOME_WIDTH, (i + 1) * OUTCOME_WIDTH) as OutcomeRow),
      );
    },
    async markRead(userId, conversationId, upTo, at) {
      const reply = await store.call('sessions.markRead', [userId, conversationId, upTo, at]);
      const { changed, from, count, total, head } = reply;
      const unread = { userId, conversationId, count, total, position: head };
      return { changed, from, upTo, unread, position: head };
    },
    recall: (conversationId, messageId, by, at, silenced = false) =>
      store.call('sessions.recall', [conversationId, messageId, by, at, silenced]),
    get: (userId, conversationId) => store.call('sessions.get', [userId, conversationId]),
    list: (userId, limit, before) =>
      store.call('sessions.list', [userId, limit, before?.updatedAt ?? null, before?.conversationId ?? '']),
    unread: (userId) => store.call('sessions.unread', userId),
    recount: (cursor, { repair, limit }) => store.call('sessions.recount', [cursor, repair, limit]),
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
