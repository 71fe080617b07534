import { createManualClock, groupsContract } from '@chasqui/contracts';
import { HybridClock } from '@chasqui/domain';
import { createMemoryConversations, type MemoryConversations } from './conversation-stores.ts';

const clock = createManualClock();
const ids = new HybridClock({ now: clock.now, tag: 9 });
let stores: MemoryConversations;

groupsContract('memory', {
  clock,
  advance: clock.advance,
  propertyRuns: 200,
  async create() {
    stores = createMemoryConversations({ clock, ids });
    return stores;
  },
  async reopen() {
    stores = createMemoryConversations({ clock, ids, state: stores.state });
    return stores;
  },
});
