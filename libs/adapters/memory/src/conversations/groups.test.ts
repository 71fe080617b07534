import { createManualClock, groupsContract } from '@chasqui/contracts';
import { HybridClock } from '@chasqui/domain';
import type { ProfileStore } from '@chasqui/ports';
import { createMemoryProfiles } from '../people/profiles.ts';
import { createMemoryConversations, type MemoryConversations } from './conversation-stores.ts';

const clock = createManualClock();
const ids = new HybridClock({ now: clock.now, tag: 9 });
let stores: MemoryConversations;
let profiles: ProfileStore;

groupsContract('memory', {
  clock,
  advance: clock.advance,
  propertyRuns: 200,
  async create() {
    profiles = createMemoryProfiles();
    stores = createMemoryConversations({ clock, ids, profiles });
    return { ...stores, profiles };
  },
  async reopen() {
    stores = createMemoryConversations({ clock, ids, profiles, state: stores.state });
    return { ...stores, profiles };
  },
});
