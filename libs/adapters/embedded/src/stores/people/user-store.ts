import type { UserStore } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';

/** `UserStore` over a caller of the store worker. */
export function createUserStore(store: Caller<StoreOperations>): UserStore {
  return {
    create: (user) => store.call('users.create', user),
    get: (userId) => store.call('users.get', userId),
    changePassword: (userId, from, to) => store.call('users.changePassword', [userId, from, to]),
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
