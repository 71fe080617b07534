import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import type { MessageLocator } from '@chasqui/ports';
import { type Ledger, messageStoreContract, sessionsContract } from '@chasqui/ports/contracts';
import { afterAll } from 'vitest';
import { WorkerChannel } from '../channel/worker-channel.ts';
import { createInboxStore } from './inbox-store.ts';
import { createMessageStore } from './message-store.ts';
import { createSessionStore } from './session-store.ts';
import type { TestStoreOperations } from './store-test-worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-stores-'));
let files = 0;
let channel: WorkerChannel<TestStoreOperations> | undefined;

async function open(path: string, foldAt: number) {
  channel = await WorkerChannel.open<TestStoreOperations>({
    name: 'stores',
    entry: new URL('./store-test-worker.ts', import.meta.url),
    data: { path, dedupWindowMs: 60_000, tag: 5, epoch: `epoch-${files}`, foldAt },
    unavailable: 'store_unavailable',
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  return channel;
}

function harnessOf<T>(foldAt: number, portsOf: (channel: WorkerChannel<TestStoreOperations>) => T) {
  return {
    clock: systemClock,
    advance: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    async create() {
      await channel?.[Symbol.asyncDispose]();
      return portsOf(await open(join(folder, `${++files}.db`), foldAt));
    },
    async reopen() {
      await channel?.abandon();
      return portsOf(await open(join(folder, `${files}.db`), foldAt));
    },
    propertyRuns: 15,
  };
}

const ledgerOf = (stores: WorkerChannel<TestStoreOperations>): Ledger => ({
  sessions: createSessionStore(stores),
  inboxes: createInboxStore(stores),
});
const spoilCount = async (userId: string, conversationId: string, count: number) => {
  await channel?.call('test.spoil', [userId, conversationId, count]);
};

sessionsContract('embedded', { ...harnessOf(4_000_000, ledgerOf), spoilCount });
sessionsContract('embedded, folding at every commit', { ...harnessOf(1, ledgerOf), spoilCount });

let locator: MessageLocator | undefined;
messageStoreContract('embedded', {
  ...harnessOf(1, (stores) => {
    const store = createMessageStore(stores);
    locator = store;
    return store;
  }),
  locator: () => locator as MessageLocator,
});

afterAll(async () => {
  await channel?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
