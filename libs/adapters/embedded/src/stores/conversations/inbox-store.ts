import type { InboxStore } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';

/** `InboxStore` over a way to the store worker. */
export function createInboxStore(store: Caller<StoreOperations>): InboxStore {
  return {
    async append(items) {
      if (items.length === 0) return [];
      return store.call(
        'inboxes.append',
        items.flatMap(({ userId, update }) => [userId, JSON.stringify(update)]),
      );
    },
    page: (userId, after, limit) => store.call('inboxes.page', [userId, after, limit]),
    async renew(userId, epoch) {
      await store.call('inboxes.renew', [userId, epoch]);
    },
    confirm: (device) => store.call('inboxes.confirm', device),
    devices: (userId) => store.call('inboxes.devices', userId),
    trim: (olderThan, limit) => store.call('inboxes.trim', [olderThan, limit]),
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
