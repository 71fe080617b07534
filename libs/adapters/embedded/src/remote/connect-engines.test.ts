import {
  cachesContract,
  conversationStatesContract,
  conversationsContract,
  groupNodesContract,
  groupsContract,
  messageStoreContract,
  presenceContract,
  searchIndexContract,
  userStoreContract,
} from '@chasqui/contracts';
import type { MessageLocator } from '@chasqui/ports';
import { createSoftEngines, openPromptSearch, openSpoilingStores, throughSocket } from '../testing/parts.ts';
import { scratchHarness } from '../testing/scratch.ts';
import type { SpoilingStoreOperations } from '../testing/spoiling-store.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';
import type { RemoteEngines } from './connect-engines.ts';

let stores: WorkerLink<SpoilingStoreOperations>;

function harnessOf<T>(portsOf: (engines: RemoteEngines) => T) {
  return scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 4_000_000);
    stores = opened.subject;
    const remote = await throughSocket(given.dataDir, { stores: stores as never }, opened);
    return { ...remote, subject: portsOf(remote.subject) };
  });
}

const conversations = {
  ...harnessOf(({ conversations, groups, conversationStates, logs, profiles }) => ({
    conversations,
    groups,
    conversationStates,
    logs,
    profiles,
  })),
  async spoilCount(userId: string, conversationId: string, count: number, mentions = 0) {
    await stores.call('test.spoil', [userId, conversationId, count, mentions]);
  },
};

groupsContract('embedded, through the socket', conversations);
conversationStatesContract('embedded, through the socket', conversations);
conversationsContract('embedded, through the socket', conversations);

let locator: MessageLocator;
messageStoreContract('embedded, through the socket', {
  ...harnessOf((engines) => {
    locator = engines.locator;
    return engines.messages;
  }),
  locator: () => locator,
});

userStoreContract(
  'embedded, through the socket',
  harnessOf(({ users }) => users),
);

searchIndexContract('embedded, through the socket', {
  ...scratchHarness(async (given) => {
    const opened = await openPromptSearch(given);
    const remote = await throughSocket(given.dataDir, { search: opened.subject }, opened);
    return { ...remote, subject: remote.subject.search };
  }),
  settle: async () => {},
});

function softHarness<T>(portsOf: (engines: RemoteEngines) => T) {
  const { reopen: _, ...harness } = scratchHarness(async ({ dataDir }) => {
    const nothing = { close: async () => {}, abandon: async () => {} };
    const opened = await throughSocket(dataDir, {}, nothing, createSoftEngines());
    return { ...opened, subject: portsOf(opened.subject) };
  });
  return harness;
}
const soft = softHarness((engines) => engines);
groupNodesContract(
  'in the engine host, through the socket',
  softHarness(({ groupNodes }) => groupNodes),
);
presenceContract('in the engine host, through the socket', soft);
cachesContract('in the engine host, through the socket', soft);
