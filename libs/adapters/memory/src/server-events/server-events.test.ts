import { createManualClock, serverEventsContract } from '@chasqui/contracts';
import { createMemoryServerEvents } from './server-events.ts';

const clock = createManualClock();
let made: ReturnType<typeof createMemoryServerEvents>;

serverEventsContract('memory', {
  clock,
  advance: clock.advance,
  async create() {
    made = createMemoryServerEvents();
    return made;
  },
  // An engine in memory outlives its users.
  reopen: async () => made,
});
