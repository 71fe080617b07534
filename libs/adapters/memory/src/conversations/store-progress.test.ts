import { createManualClock, progressWitnessContract, storeProgressContract } from '@chasqui/contracts';
import { HybridClock } from '@chasqui/domain';
import { createMemoryConversations } from './conversation-stores.ts';
import { KeptConversations } from './kept-conversations.ts';
import { createMemoryProgressWitness, createMemoryStoreProgress } from './store-progress.ts';

const clock = createManualClock();
const ids = new HybridClock({ now: clock.now, tag: 9 });
let state: KeptConversations;
const open = () => ({
  storeProgress: createMemoryStoreProgress(state, ids),
  logs: createMemoryConversations({ clock, ids, state }).logs,
});

storeProgressContract('memory', {
  clock,
  advance: clock.advance,
  async create() {
    state = new KeptConversations(ids.next());
    return open();
  },
  reopen: async () => open(),
});

progressWitnessContract('memory', () => createMemoryProgressWitness(new Map()));
