import { join } from 'node:path';
import { CONVERSATION_TOPIC, DEFAULT_LIMITS } from '@chasqui/domain';
import {
  createMemoryDedupHints,
  createMemoryGroupNodes,
  createMemoryPresence,
  createMemoryRateLimits,
  createMemoryUnreadCache,
} from '@chasqui/memory';
import type { EmbeddedBus } from '../bus/embedded-bus.ts';
import { openBus } from '../bus/open-bus.ts';
import { SEARCH_FILE } from '../damage/check-folder.ts';
import { type EngineInternals, INTERNALS } from '../engine-internals.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { EmbeddedEngines } from '../open-engines.ts';
import { connectEmbeddedEngines, type RemoteEngines } from '../remote/connect-engines.ts';
import { serveEmbeddedEngines } from '../remote/serve-engines.ts';
import type { SoftEngines } from '../remote/soft-ports.ts';
import { openSearch } from '../search/open-search.ts';
import type { SearchOperations } from '../search/search-operations.ts';
import type { StoreData } from '../stores/store-context.ts';
import { WorkerLink } from '../worker-link/worker-link.ts';
import { ReusedThread } from './reused-thread.ts';
import type { Opened } from './scratch.ts';
import { parts } from './scratch.ts';
import type { SpoilingStoreOperations } from './spoiling-store.ts';

const ofLink = <T extends AsyncDisposable & { abandon(): Promise<void> }>(link: T): Opened<T> => ({
  subject: link,
  close: async () => link[Symbol.asyncDispose](),
  abandon: () => link.abandon(),
});

/** The store worker, which flushes as soon as this much waits. */
export async function openSpoilingStores({ dataDir, ...rest }: EngineParts, flush: number) {
  const flushAt = { journalCharacters: flush, messages: flush };
  const { dedupWindowMs } = DEFAULT_LIMITS;
  const path = join(dataDir, 'store.db');
  const data: StoreData = { path, dedupWindowMs, epoch: `epoch of ${dataDir}`, flushAt };
  return ofLink(
    await WorkerLink.open<SpoilingStoreOperations>({
      name: 'stores',
      entry: (given) => ReusedThread.start('stores', given),
      data,
      unavailable: 'store_unavailable',
      ...rest,
    }),
  );
}

export async function openSearchOnly(given: EngineParts): Promise<Opened<WorkerLink<SearchOperations>>> {
  return ofLink(await openSearch(given));
}

/** The same with the worker for contract suites. */
export async function openPromptSearch({
  dataDir,
  ...rest
}: EngineParts): Promise<Opened<WorkerLink<SearchOperations>>> {
  return ofLink(
    await WorkerLink.open<SearchOperations>({
      name: 'search',
      entry: (data) => ReusedThread.start('search', data),
      data: { path: join(dataDir, SEARCH_FILE) },
      unavailable: 'search_unavailable',
      ...rest,
    }),
  );
}

export async function openBusOnly(given: EngineParts): Promise<Opened<EmbeddedBus>> {
  // The contract suite uses shards up to 7.
  const { bus, link } = await openBus(given, { shards: { [CONVERSATION_TOPIC]: 8 } });
  return {
    subject: bus,
    async close() {
      await bus[Symbol.asyncDispose]();
      await link[Symbol.asyncDispose]();
    },
    async abandon() {
      await link.abandon();
      await bus[Symbol.asyncDispose]();
    },
  };
}

export function createSoftEngines(): SoftEngines {
  const { clock } = parts;
  return {
    ...createMemoryPresence({ clock }),
    groupNodes: createMemoryGroupNodes({ clock }),
    unreadCache: createMemoryUnreadCache(),
    dedupHints: createMemoryDedupHints({ clock }),
    rateLimits: createMemoryRateLimits({ clock }),
  };
}

/** Serves some of the engines, and connects to them through the socket. */
export async function throughSocket(
  dataDir: string,
  internals: Partial<EngineInternals>,
  { close, abandon }: Pick<Opened<unknown>, 'close' | 'abandon'>,
  soft?: SoftEngines,
): Promise<Opened<RemoteEngines>> {
  const hub = internals.hub ?? { topicShards: () => ({}) };
  const engines = { ...soft, [INTERNALS]: { ...internals, hub } } as unknown as EmbeddedEngines;
  const path = join(dataDir, 'engine.sock');
  const server = await serveEmbeddedEngines(engines, { ...parts, path });
  const remote = await connectEmbeddedEngines({ ...parts, path });
  const hangUp = async () => {
    await remote[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };
  return {
    subject: remote,
    async close() {
      await hangUp();
      await close();
    },
    async abandon() {
      await hangUp();
      await abandon();
    },
  };
}
