import { reactionStoreContract } from '@chasqui/contracts';
import { openSpoilingStores, throughSocket } from '../../testing/parts.ts';
import { scratchHarness } from '../../testing/scratch.ts';
import { createConversationStore } from '../conversations/conversation-store.ts';
import { createUpdateLog } from '../conversations/update-log.ts';
import { createReactionStore } from './reaction-store.ts';

reactionStoreContract(
  'embedded, in process',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 1);
    const { subject: stores } = opened;
    const conversations = createConversationStore(stores);
    const reactions = createReactionStore(stores);
    return { ...opened, subject: { reactions, conversations, logs: createUpdateLog(stores) } };
  }),
);

reactionStoreContract(
  'embedded, through the socket',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 4_000_000);
    return throughSocket(given.dataDir, { stores: opened.subject as never }, opened);
  }),
);
