import { attachmentStoreContract, publicPicturesContract } from '@chasqui/contracts';
import { openSpoilingStores, throughSocket } from '../../testing/parts.ts';
import { scratchHarness } from '../../testing/scratch.ts';
import { createConversationStore } from '../conversations/conversation-store.ts';
import { createGroupStore } from '../groups/group-store.ts';
import { createPeopleStores } from '../people/people-stores.ts';
import { createAttachmentStore } from './attachment-store.ts';

attachmentStoreContract(
  'embedded, in process',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 1);
    const { subject: stores } = opened;
    const conversations = createConversationStore(stores);
    const { holds } = createPeopleStores(stores);
    return { ...opened, subject: { attachments: createAttachmentStore(stores), conversations, holds } };
  }),
);

attachmentStoreContract(
  'embedded, through the socket',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 4_000_000);
    return throughSocket(given.dataDir, { stores: opened.subject as never }, opened);
  }),
);

publicPicturesContract(
  'embedded',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 1);
    const { subject: stores } = opened;
    const conversations = createConversationStore(stores);
    const { holds, profiles } = createPeopleStores(stores);
    const attachments = createAttachmentStore(stores);
    return { ...opened, subject: { attachments, conversations, holds, profiles, groups: createGroupStore(stores) } };
  }),
);
