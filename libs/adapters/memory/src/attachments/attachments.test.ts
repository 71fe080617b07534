import { attachmentStoreContract, createManualClock, publicPicturesContract } from '@chasqui/contracts';
import { HybridClock } from '@chasqui/domain';
import { createMemoryConversations } from '../conversations/conversation-stores.ts';
import { createMemoryHolds } from '../people/holds.ts';
import { createMemoryProfiles } from '../people/profiles.ts';

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

publicPicturesContract('memory', {
  clock,
  advance: clock.advance,
  async create() {
    const { attachments, conversations, groups, state } = createMemoryConversations({ clock, ids });
    const given = { attachments: state.attachments, clock };
    return {
      ...{ attachments, conversations, groups },
      ...{ holds: createMemoryHolds(given), profiles: createMemoryProfiles(given) },
    };
  },
});
