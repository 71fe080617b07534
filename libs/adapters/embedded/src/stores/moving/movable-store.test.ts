import { movableStoreContract } from '@chasqui/contracts';
import { openSpoilingStores, throughSocket } from '../../testing/parts.ts';
import { scratchHarness } from '../../testing/scratch.ts';
import { createConversationStateStore, createConversationStore } from '../conversations/conversation-store.ts';
import { createUpdateLog } from '../conversations/update-log.ts';
import { createGroupStore } from '../groups/group-store.ts';
import { createMovableStore } from './movable-store.ts';

for (const [flush, name] of [
  [1, 'embedded, flushed at once'],
  [4_000_000, 'embedded, in memory'],
] as const) {
  movableStoreContract(
    name,
    scratchHarness(async (given) => {
      const opened = await openSpoilingStores(given, flush);
      const { subject: stores } = opened;
      const ports = {
        movable: createMovableStore(stores),
        conversations: createConversationStore(stores),
        conversationStates: createConversationStateStore(stores),
        groups: createGroupStore(stores),
        logs: createUpdateLog(stores),
      };
      return { ...opened, subject: ports };
    }),
  );
}

movableStoreContract(
  'embedded, through the socket',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 4_000_000);
    return throughSocket(given.dataDir, { stores: opened.subject as never }, opened);
  }),
);
