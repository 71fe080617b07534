import type { Interval } from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';

/** `GroupStore` over a caller of the store worker. */
export function createGroupStore(store: Caller<StoreOperations>): GroupStore {
  return {
    apply: (change, bounds) => store.call('groups.apply', [change, bounds]),
    outcome: (change) => store.call('groups.outcome', change),
    async refuse(change, refusal) {
      await store.call('groups.refuse', [change, refusal]);
    },
    groups: async (ids) => (ids.length === 0 ? [] : store.call('groups.get', [...ids])),
    all: (options) => store.call('groups.all', options),
    members: async (keys) => (keys.length === 0 ? [] : store.call('groups.members', [...keys])),
    page: (conversationId, options) => store.call('groups.page', [conversationId, options]),
    byName: (conversationId, options) => store.call('groups.byName', [conversationId, options]),
    find: (conversationId, options) => store.call('groups.find', [conversationId, options]),
    memberships: (userId, limit) => store.call('groups.memberships', [userId, limit]),
    async stays(userId, limit) {
      const stays: [conversationId: string, interval: Interval][] = JSON.parse(
        await store.call('groups.stays', [userId, limit]),
      );
      return stays.map(([conversationId, interval]) => ({ conversationId, interval }));
    },
    heads: (userId, options) => store.call('groups.heads', [userId, options]),
    headsOf: async (keys) => (keys.length === 0 ? [] : store.call('groups.headsOf', [...keys])),
    unread: async (userIds) =>
      userIds.length === 0 ? [] : JSON.parse(await store.call('groups.unread', [...userIds])),
    readers: (conversationId, messageId, { after = '', limit }) =>
      store.call('groups.readers', [conversationId, messageId, after, limit]),
    links: (conversationId) => store.call('groups.links', conversationId),
    link: (linkId) => store.call('groups.link', linkId),
    requests: (conversationId, { after, limit }) =>
      store.call('groups.requests', [conversationId, after ?? null, limit]),
    async removeRequests(userId) {
      await store.call('groups.removeRequests', userId);
    },
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
