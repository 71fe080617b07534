import {
  decodeSteps,
  encodeSteps,
  type Message,
  membersOf,
  type StoredMessage,
  statusOfRank,
  statusRank,
} from '@chasqui/domain';
import type { MessageKey, MessageLocator, MessageStore, RaiseResult } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoredRow, StoreOperations } from '../store-operations.ts';

const ADVANCE_RESULTS = ['raised', 'same', 'further', 'missing'] as const satisfies RaiseResult[];

function storedMessage([body, status, steps, recalledAt]: StoredRow): StoredMessage {
  return {
    ...(JSON.parse(body) as Message),
    status: statusOfRank(status),
    ...(recalledAt === null ? {} : { recalledAt }),
    // Most readers never look at them, and they are half of what there is to decode.
    get steps() {
      return decodeSteps(steps);
    },
  };
}

function flatKeys(keys: readonly MessageKey[]): string[] {
  return keys.flatMap(({ conversationId, messageId }) => [conversationId, messageId]);
}

/** 0 for the user whose id comes first in the conversation's, 1 for the other, 2 for anybody else. */
function sideOf(conversationId: string, user: string): 0 | 1 | 2 {
  const [a, b] = membersOf(conversationId);
  return user === a ? 0 : user === b ? 1 : 2;
}

/** `MessageStore` and `MessageLocator` over a way to the store worker. */
export function createMessageStore(store: Caller<StoreOperations>): MessageStore & MessageLocator {
  return {
    async put(messages) {
      if (messages.length === 0) return;
      const rows: (string | number)[] = [];
      for (const { message, steps } of messages) {
        const { conversationId, messageId, from, to } = message;
        rows.push(conversationId, messageId, from < to ? 0 : 1, JSON.stringify(message), encodeSteps(steps));
      }
      await store.call('messages.put', rows);
    },
    async get(keys) {
      if (keys.length === 0) return [];
      const rows = await store.call('messages.get', flatKeys(keys));
      return rows.map((row) => (row === null ? null : storedMessage(row)));
    },
    async page(conversationId, { before, after, limit }) {
      const rows = await store.call('messages.page', [conversationId, before ?? null, after ?? null, limit]);
      return rows.map(storedMessage);
    },
    async raise(changes) {
      if (changes.length === 0) return [];
      const rows: (string | number)[] = [];
      for (const { conversationId, messageId, to, status, at, node, retries = 0, before = [] } of changes) {
        const steps = encodeSteps([{ state: status, at, node, retries }, ...before]);
        rows.push(conversationId, messageId, sideOf(conversationId, to), statusRank(status), steps);
      }
      const results = await store.call('messages.raise', rows);
      return results.map((result) => ADVANCE_RESULTS[result] ?? 'missing');
    },
    recall: ({ conversationId, messageId }, at, node) =>
      store.call('messages.recall', [conversationId, messageId, at, encodeSteps([{ state: 'recalled', at, node }])]),
    async remove(keys) {
      if (keys.length > 0) await store.call('messages.remove', flatKeys(keys));
    },
    async scan(cursor, limit) {
      const page = await store.call('messages.scan', [cursor, limit]);
      return { messages: page.rows.map(storedMessage), cursor: page.cursor };
    },
    async newest() {
      return (await store.call('messages.newest', null)) || null;
    },
    async recent(cursor, limit) {
      const page = await store.call('messages.recent', [cursor, limit]);
      return { messages: page.rows.map(storedMessage), cursor: page.cursor };
    },
    beginLookBack: (since, startedAt) => store.call('messages.beginLookBack', [since, startedAt]),
    async endLookBack(startedAt) {
      await store.call('messages.endLookBack', startedAt);
    },
    async locate(messageId) {
      const conversationId = await store.call('messages.locate', messageId);
      return conversationId === null ? null : { conversationId, messageId };
    },
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
