import type { Engines } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { StoreOperations } from '../store-operations.ts';

/** Server events and webhooks over one caller of the store worker. */
export function createServerEventStores(store: Caller<StoreOperations>): Pick<Engines, 'serverEvents' | 'webhooks'> {
  const common = { async [Symbol.asyncDispose]() {} };
  return {
    serverEvents: {
      ...common,
      append: async (events, now) => (events.length === 0 ? 0 : store.call('serverEvents.append', [events, now])),
      page: (after, limit) => store.call('serverEvents.page', [after, limit]),
      ofKey: (key, { after, until, limit }) => store.call('serverEvents.ofKey', [key, after, until, limit]),
      state: () => store.call('serverEvents.state', null),
      want: (until, now) => store.call('serverEvents.want', [until, now]),
      trim: (options) => store.call('serverEvents.trim', options),
      async ping() {
        await store.call('ping', null);
      },
    },
    webhooks: {
      ...common,
      put: (endpoint) => store.call('webhooks.put', endpoint),
      list: () => store.call('webhooks.list', null),
      remove: (endpointId) => store.call('webhooks.remove', endpointId),
      progress: (endpointId) => store.call('webhooks.progress', endpointId),
      save: (endpointId, save) => store.call('webhooks.save', [endpointId, save]),
      deadLetters: (endpointId, { after, limit, replayed = false }) =>
        store.call('webhooks.deadLetters', [endpointId, after, limit, replayed]),
      replay: (endpointId, positions) => store.call('webhooks.replay', [endpointId, positions]),
      trimDeadLetters: (olderThan, limit) => store.call('webhooks.trimDeadLetters', [olderThan, limit]),
    },
  };
}
