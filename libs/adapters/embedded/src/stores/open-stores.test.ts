import {
  conversationStatesContract,
  conversationsContract,
  groupsContract,
  messageStoreContract,
  userStoreContract,
} from '@chasqui/contracts';
import type { MessageLocator } from '@chasqui/ports';
import { openSpoilingStores } from '../testing/parts.ts';
import { scratchHarness } from '../testing/scratch.ts';
import type { SpoilingStoreOperations } from '../testing/spoiling-store.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';
import { createConversationStateStore, createConversationStore } from './conversations/conversation-store.ts';
import { createUpdateLog } from './conversations/update-log.ts';
import { createGroupStore } from './groups/group-store.ts';
import { createMessageStore } from './messages/message-store.ts';
import { createPeopleStores } from './people/people-stores.ts';

type Link = WorkerLink<SpoilingStoreOperations>;
let link: Link | undefined;

/** Everything is flushed into the tables at once; the suite through the socket covers the opposite extreme. */
function harnessOf<T>(portsOf: (link: Link) => T) {
  return scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 1);
    link = opened.subject;
    return { ...opened, subject: portsOf(link) };
  });
}

const conversations = {
  ...harnessOf((stores) => ({
    conversations: createConversationStore(stores),
    groups: createGroupStore(stores),
    conversationStates: createConversationStateStore(stores),
    logs: createUpdateLog(stores),
    profiles: createPeopleStores(stores).profiles,
  })),
  async spoilCount(userId: string, conversationId: string, count: number, mentions = 0) {
    await link?.call('test.spoil', [userId, conversationId, count, mentions]);
  },
};

groupsContract('embedded', conversations);
conversationStatesContract('embedded', conversations);
conversationsContract('embedded', conversations);

let locator: MessageLocator;
messageStoreContract('embedded', {
  ...harnessOf((stores) => {
    const store = createMessageStore(stores);
    locator = store;
    return store;
  }),
  locator: () => locator,
});

userStoreContract(
  'embedded',
  harnessOf((store) => createPeopleStores(store).users),
);
