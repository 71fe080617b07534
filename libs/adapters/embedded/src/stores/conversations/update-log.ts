import type { UpdateLog } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';

/** `UpdateLog` over a caller of the store worker. */
export function createUpdateLog(store: Caller<StoreOperations>): UpdateLog {
  return {
    async append(items) {
      if (items.length === 0) return [];
      return store.call(
        'logs.append',
        items.flatMap(({ log, update }) => [log, JSON.stringify(update)]),
      );
    },
    page: (log, after, limit) => store.call('logs.page', [log, after, limit]),
    async renew(log, epoch) {
      await store.call('logs.renew', [log, epoch]);
    },
    confirm: (device) => store.call('logs.confirm', device),
    devices: (userId) => store.call('logs.devices', userId),
    trim: (olderThan, limit) => store.call('logs.trim', [olderThan, limit]),
    clear: (log, limit) => store.call('logs.clear', [log, limit]),
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
