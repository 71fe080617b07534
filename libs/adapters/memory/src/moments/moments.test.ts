import {
  blobStoreContract,
  blobUploadsContract,
  createManualClock,
  type MomentEngines,
  momentsContract,
} from '@chasqui/contracts';
import { HybridClock } from '@chasqui/domain';
import { createMemoryConversations } from '../conversations/conversation-stores.ts';
import { createMemoryBlobs } from './blobs.ts';
import { createMemoryMoments } from './moments.ts';

const clock = createManualClock();
const ids = new HybridClock({ now: clock.now, tag: 1 });
let made: MomentEngines;

/** An engine in memory outlives its users. */
momentsContract('memory', {
  clock,
  advance: clock.advance,
  async create() {
    const { logs } = createMemoryConversations({ clock, ids });
    made = { ...createMemoryMoments({ logs }), logs };
    return made;
  },
  reopen: async () => made,
});

const blobs = { clock, advance: clock.advance, create: async () => createMemoryBlobs() };
blobStoreContract('memory', blobs);
blobUploadsContract('memory', blobs);
