import type { ServerEventStore, WebhookStore } from '@chasqui/ports';
import { EventLog } from './event-log.ts';
import { WebhookTable } from './webhook-table.ts';

/** Server events and webhooks in memory, for tests and simulations. */
export function createMemoryServerEvents(): { serverEvents: ServerEventStore; webhooks: WebhookStore } {
  const log = new EventLog();
  const table = new WebhookTable();
  const common = { async [Symbol.asyncDispose]() {} };
  return {
    serverEvents: {
      ...common,
      append: async (events, now) => log.append(events, now),
      async page(after, limit) {
        return { ...log.state(), events: log.select(limit, ({ position }) => position > after) };
      },
      async ofKey(key, { after, until, limit }) {
        return log.select(limit, ({ position, event }) => event.key === key && position > after && position <= until);
      },
      state: async () => log.state(),
      async want(until, now) {
        log.want(until, now);
        return log.state();
      },
      trim: async (options) => log.trim(options),
      async ping() {},
    },
    webhooks: {
      ...common,
      put: async (endpoint) => table.put(endpoint, log.head),
      list: async () => table.list(),
      remove: async (endpointId) => table.remove(endpointId),
      progress: async (endpointId) => table.progress(endpointId),
      save: async (endpointId, save) => table.save(endpointId, save),
      deadLetters: async (endpointId, page) => table.deadLetters(endpointId, page),
      replay: async (endpointId, positions) => table.replay(endpointId, positions),
      trimDeadLetters: async (olderThan, limit) => table.trimDeadLetters(olderThan, limit),
    },
  };
}
