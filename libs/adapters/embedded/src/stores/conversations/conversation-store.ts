import type { ConversationStateStore, ConversationStore } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';
import { outcomesOf, pushRecord } from './record-row.ts';

/** `ConversationStore` over a caller of the store worker. */
export function createConversationStore(store: Caller<StoreOperations>): ConversationStore {
  return {
    async record(messages) {
      if (messages.length === 0) return [];
      const values: (string | number)[] = [];
      for (const message of messages) pushRecord(values, message);
      return outcomesOf(messages, await store.call('conversations.record', values));
    },
    async markRead(mark) {
      const { userId, conversationId } = mark;
      const { changed, from, upTo, count, total, head } = await store.call('conversations.markRead', mark);
      const unread = { userId, conversationId, count, total, position: head };
      return { changed, from, upTo, unread, position: head };
    },
    act: async (actions) => (actions.length === 0 ? [] : store.call('conversations.act', [...actions])),
    entries: async (keys) => (keys.length === 0 ? [] : store.call('conversations.entries', [...keys])),
    list: (userId, limit, before) =>
      store.call('conversations.list', [userId, limit, before?.updatedAt ?? null, before?.conversationId ?? '']),
    unread: (userId) => store.call('conversations.unread', userId),
    recount: (cursor, { repair, limit }) => store.call('conversations.recount', [cursor, repair, limit]),
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** `ConversationStateStore` over a caller of the store worker. */
export function createConversationStateStore(store: Caller<StoreOperations>): ConversationStateStore {
  return {
    get: async (keys) => (keys.length === 0 ? [] : store.call('conversationStates.get', [...keys])),
    change: (key, patch, at) => store.call('conversationStates.change', [key, patch, at]),
    of: (userId, { after = '', limit }) => store.call('conversationStates.of', [userId, after, limit]),
    hide: (key, messageIds, at) => store.call('conversationStates.hide', [key, [...messageIds], at]),
    async hiddenAmong(userId, keys) {
      if (keys.length === 0) return [];
      const pairs = keys.flatMap(({ conversationId, messageId }) => [conversationId, messageId]);
      return store.call('conversationStates.hiddenAmong', [userId, ...pairs]);
    },
    dropHidden: (userId, limit) => store.call('conversationStates.dropHidden', [userId, limit]),
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
