import { createManualClock, reactionStoreContract } from '@chasqui/contracts';
import { HybridClock } from '@chasqui/domain';
import { createMemoryConversations } from './conversation-stores.ts';

const clock = createManualClock(1_767_225_700_000);
const ids = new HybridClock({ now: clock.now, tag: 1 });

reactionStoreContract('memory', {
  clock,
  advance: clock.advance,
  create: async () => createMemoryConversations({ clock, ids }),
});
