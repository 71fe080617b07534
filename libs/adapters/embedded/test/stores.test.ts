import type { MessageLocator } from '@chasqui/ports';
import { messageStoreContract, sessionsContract, userStoreContract } from '@chasqui/ports/contracts';
import type { WorkerChannel } from '../src/channel/worker-channel.ts';
import { createInboxStore } from '../src/stores/inbox-store.ts';
import { createMessageStore } from '../src/stores/message-store.ts';
import { createSessionStore } from '../src/stores/session-store.ts';
import { createUserStore } from '../src/stores/user-store.ts';
import { openSpoilingStores } from './support/parts.ts';
import { scratchHarness } from './support/scratch.ts';
import type { SpoilingStoreOperations } from './support/spoiling-store-worker.ts';

type Channel = WorkerChannel<SpoilingStoreOperations>;
let channel: Channel | undefined;

/** Everything is folded into the tables as soon as it can be: the other extreme runs through the socket. */
function harnessOf<T>(portsOf: (channel: Channel) => T) {
  return scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 1);
    channel = opened.subject;
    return { ...opened, subject: portsOf(channel) };
  });
}

sessionsContract('embedded', {
  ...harnessOf((stores) => ({ sessions: createSessionStore(stores), inboxes: createInboxStore(stores) })),
  async spoilCount(userId, conversationId, count) {
    await channel?.call('test.spoil', [userId, conversationId, count]);
  },
});

let locator: MessageLocator;
messageStoreContract('embedded', {
  ...harnessOf((stores) => {
    const store = createMessageStore(stores);
    locator = store;
    return store;
  }),
  locator: () => locator,
});

userStoreContract('embedded', harnessOf(createUserStore));
