import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { createMemoryUnreadCache } from '@chasqui/memory';
import { createAttachmentStore } from '../../libs/adapters/embedded/src/stores/attachments/attachment-store.ts';
import {
  createConversationStateStore,
  createConversationStore,
} from '../../libs/adapters/embedded/src/stores/conversations/conversation-store.ts';
import { createUpdateLog } from '../../libs/adapters/embedded/src/stores/conversations/update-log.ts';
import { createGroupStore } from '../../libs/adapters/embedded/src/stores/groups/group-store.ts';
import { createMessageStore } from '../../libs/adapters/embedded/src/stores/messages/message-store.ts';
import { openStores } from '../../libs/adapters/embedded/src/stores/open-stores.ts';
import { createPeopleStores } from '../../libs/adapters/embedded/src/stores/people/people-stores.ts';
import { createReactionStore } from '../../libs/adapters/embedded/src/stores/reactions/reaction-store.ts';

/** What an import writes to, without the other engines: a process that is killed often has to start fast. */
export async function openImportStores(dataDir: string) {
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  // Small, so that kills also hit the flushing of the journal and of the index.
  const flushAt = { journalCharacters: 50_000, messages: 300 };
  const store = await openStores({ ...parts, dataDir }, { flushAt });
  return {
    ...parts,
    ...createPeopleStores(store),
    conversations: createConversationStore(store),
    logs: createUpdateLog(store),
    groups: createGroupStore(store),
    messages: createMessageStore(store),
    reactions: createReactionStore(store),
    attachments: createAttachmentStore(store),
    conversationStates: createConversationStateStore(store),
    unreadCache: createMemoryUnreadCache(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
