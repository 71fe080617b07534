import {
  type Clock,
  DEFAULT_STATE,
  decodeState,
  encodeState,
  ImError,
  inboxOf,
  STATE_LIMITS,
  sparseState,
  tooManyHidden,
  withChange,
} from '@chasqui/domain';
import type { ConversationStateStore, EntryKey } from '@chasqui/ports';
import type { KeptConversations } from './kept-conversations.ts';

export function createConversationStates(kept: KeptConversations, clock: Clock): ConversationStateStore {
  const readUpTo = ({ userId, conversationId }: EntryKey) => kept.entry(userId, conversationId)?.read.upTo ?? '';
  const stateOf = (key: EntryKey) => {
    const text = kept.states.get(key.userId)?.get(key.conversationId);
    return text === undefined ? DEFAULT_STATE : decodeState(text, readUpTo(key));
  };
  return {
    get: async (keys) => keys.map(stateOf),

    async change(key, changes, at) {
      const { userId, conversationId } = key;
      const before = stateOf(key);
      const state = withChange(before, changes, at);
      if (state === before) return { state, position: null };
      const states = kept.states.get(userId) ?? new Map<string, string>();
      if (state === DEFAULT_STATE) states.delete(conversationId);
      else {
        if (!states.has(conversationId) && states.size >= STATE_LIMITS.maxStatesPerUser) {
          const message = `the conversations in which you set something: at most ${STATE_LIMITS.maxStatesPerUser}`;
          throw new ImError('limit_reached', message, { field: 'conversationId' });
        }
        states.set(conversationId, encodeState(state, readUpTo(key)));
      }
      kept.states.set(userId, states);
      const update = { type: 'conversation_state', conversationId, state: sparseState(state) } as const;
      return { state, position: kept.log(inboxOf(userId)).append(update, clock.now()) };
    },

    async of(userId, { after = '', limit }) {
      const ids = [...(kept.states.get(userId)?.keys() ?? [])].filter((id) => id > after).sort();
      return ids
        .slice(0, limit)
        .map((conversationId) => ({ conversationId, state: stateOf({ userId, conversationId }) }));
    },

    async hide({ userId, conversationId }, messageIds, at) {
      const hidden = kept.hidden.get(userId) ?? new Set<string>();
      const fresh = [...new Set(messageIds)].filter((id) => !hidden.has(`${conversationId} ${id}`));
      if (fresh.length === 0) return null;
      if (hidden.size + fresh.length > STATE_LIMITS.maxHiddenPerUser) throw tooManyHidden();
      for (const id of fresh) hidden.add(`${conversationId} ${id}`);
      kept.hidden.set(userId, hidden);
      const update = { type: 'hidden', conversationId, messageIds: fresh, at } as const;
      return kept.log(inboxOf(userId)).append(update, clock.now());
    },

    async hiddenAmong(userId, keys) {
      const hidden = kept.hidden.get(userId);
      return keys.map(({ conversationId, messageId }) => hidden?.has(`${conversationId} ${messageId}`) ?? false);
    },

    async dropHidden(userId, limit) {
      const hidden = kept.hidden.get(userId);
      const dropped = [...(hidden ?? [])].slice(0, limit);
      for (const name of dropped) hidden?.delete(name);
      return dropped.length;
    },

    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
