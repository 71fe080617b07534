import type { ReactionStore } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { ReactionOperations } from './reaction-operations.ts';

/** `ReactionStore` over a caller of the store worker. */
export function createReactionStore(store: Caller<ReactionOperations & { ping(args: null): null }>): ReactionStore {
  return {
    react: (reactions) => store.call('reactions.react', reactions),
    async seen(userId, keys) {
      if (keys.length === 0) return [];
      const pairs = keys.flatMap(({ conversationId, messageId }) => [conversationId, messageId]);
      return store.call('reactions.seen', [userId, ...pairs]);
    },
    reactors: ({ conversationId, messageId }, { emoji = '', after = '', limit }) =>
      store.call('reactions.reactors', [{ conversationId, messageId }, emoji, after, limit]),
    of: (userId, { after, limit }) =>
      store.call('reactions.of', [
        userId,
        after === undefined ? null : { conversationId: after.conversationId, messageId: after.messageId },
        limit,
      ]),
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
