import type { MovableStore } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';

/** `MovableStore` over a caller of the store worker. */
export function createMovableStore(store: Caller<StoreOperations>): MovableStore {
  return {
    page: (kind, cursor, limit) => store.call('movable.page', [kind, cursor, limit]),
    async put(kind, rows) {
      if (rows.length > 0) await store.call('movable.put', [kind, [...rows]]);
    },
    async finish() {
      await store.call('movable.finish', null);
    },
    note: () => store.call('movable.note', null),
    async setNote(note) {
      await store.call('movable.setNote', note);
    },
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
