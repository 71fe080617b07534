import { createManualClock, messageStoreContract } from '@chasqui/contracts';
import { createMemoryMessages } from './messages.ts';

const clock = createManualClock();
let messages: ReturnType<typeof createMemoryMessages>;

messageStoreContract('memory', {
  clock,
  advance: clock.advance,
  propertyRuns: 200,
  async create() {
    messages = createMemoryMessages();
    return messages;
  },
  // The store outlives its users.
  reopen: async () => messages,
  locator: () => messages,
});
