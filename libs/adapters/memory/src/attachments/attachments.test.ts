import { attachmentStoreContract, createManualClock } from '@chasqui/contracts';
import { HybridClock } from '@chasqui/domain';
import { createMemoryConversations } from '../conversations/conversation-stores.ts';
import { createMemoryHolds } from '../people/holds.ts';

const clock = createManualClock(1_767_225_700_000);
const ids = new HybridClock({ now: clock.now, tag: 1 });

attachmentStoreContract('memory', {
  clock,
  advance: clock.advance,
  async create() {
    const { attachments, conversations, state } = createMemoryConversations({ clock, ids });
    return { attachments, conversations, holds: createMemoryHolds({ attachments: state.attachments, clock }) };
  },
});
