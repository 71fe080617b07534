import {
  createMemoryDedupHints,
  createMemoryOfflineCache,
  createMemoryPresence,
  createMemoryRateLimits,
  createMemoryUnreadCache,
} from '@chasqui/memory';
import type { Engines } from '@chasqui/ports';
import { type BusOptions, openBus } from './bus/open-bus.ts';
import { lockDataDir } from './data-lock.ts';
import type { EngineParts } from './engine-parts.ts';
import { type EngineWays, WAYS } from './engine-ways.ts';
import { openSearch } from './search/open-search.ts';
import { createSearchIndex } from './search/search-index.ts';
import { createInboxStore } from './stores/inbox-store.ts';
import { createMessageStore } from './stores/message-store.ts';
import { createMomentStores } from './stores/moment-stores.ts';
import { openStores, type StoreOptions } from './stores/open-stores.ts';
import { createPeopleStores } from './stores/people-stores.ts';
import { createSessionStore } from './stores/session-store.ts';
import { createUserStore } from './stores/user-store.ts';

export interface EmbeddedEnginesOptions extends EngineParts, BusOptions, StoreOptions {}

/** All engines in this process; their files are closed when it is disposed, after whoever uses them. */
export interface EmbeddedEngines extends Engines, AsyncDisposable {
  /** For serving them to other processes. */
  readonly [WAYS]: EngineWays;
}

/**
 * Opens the embedded engines on a data folder, which must have no other owner. What needs to outlive the process (bus,
 * stores, search) is on the disk, each file in a worker thread; presence, caches and limits are in memory.
 * Errors: `config_invalid` when the folder is in use, cannot be used, or was written by a newer version.
 */
export async function openEmbeddedEngines(options: EmbeddedEnginesOptions): Promise<EmbeddedEngines> {
  const { clock } = options;
  await using stack = new AsyncDisposableStack();
  stack.use(await lockDataDir(options.dataDir, clock.now()));
  const opening = [
    openStores(options, options).then((link) => stack.use(link)),
    openSearch(options).then((link) => stack.use(link)),
    openBus(options, options).then(({ bus, link }) => {
      stack.use(link);
      return stack.use(bus);
    }),
  ] as const;
  // All or none: if one fails, the stack closes the others, so they must have opened by then.
  await Promise.allSettled(opening);
  const [stores, search, bus] = await Promise.all(opening);
  const messages = createMessageStore(stores);
  const owned = stack.move();
  return {
    bus,
    sessions: createSessionStore(stores),
    inboxes: createInboxStore(stores),
    messages,
    locator: messages,
    search: createSearchIndex(search),
    users: createUserStore(stores),
    ...createPeopleStores(stores),
    ...createMomentStores(stores),
    ...createMemoryPresence({ clock }),
    unreadCache: createMemoryUnreadCache(),
    offlineCache: createMemoryOfflineCache(),
    dedupHints: createMemoryDedupHints({ clock }),
    rateLimits: createMemoryRateLimits({ clock }),
    [WAYS]: { stores, search, hub: bus },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
