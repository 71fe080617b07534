import type { HandledAction, MessageKey, MessageLocator, MessageStore } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';
import { pushChange, pushPut, raiseResult, storedMessage } from './message-values.ts';
import { restoredFields } from './restore-message.ts';

function flatKeys(keys: readonly MessageKey[]): string[] {
  return keys.flatMap(({ conversationId, messageId }) => [conversationId, messageId]);
}

/** Callers may give whole messages as keys. */
function plain({ conversationId, messageId, action, node }: HandledAction): HandledAction {
  return { conversationId, messageId, action, node };
}

/** `MessageStore` and `MessageLocator` over a caller of the store worker. */
export function createMessageStore(store: Caller<StoreOperations>): MessageStore & MessageLocator {
  return {
    async put(messages) {
      if (messages.length === 0) return;
      const values: (string | number)[] = [];
      for (const message of messages) pushPut(values, message);
      await store.call('messages.put', values);
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
      const values: (string | number)[] = [];
      for (const change of changes) pushChange(values, change);
      return (await store.call('messages.raise', values)).map(raiseResult);
    },
    apply: async (actions) => (actions.length === 0 ? [] : store.call('messages.apply', actions.map(plain))),
    async remove(keys) {
      if (keys.length > 0) await store.call('messages.remove', flatKeys(keys));
    },
    async scan(cursor, limit) {
      const page = await store.call('messages.scan', [cursor, limit]);
      return { messages: page.rows.map(storedMessage), cursor: page.cursor };
    },
    async restore(messages) {
      if (messages.length > 0) await store.call('messages.restore', messages.map(restoredFields));
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
