import { createManualClock, userStoreContract } from '@chasqui/contracts';
import type { UserStore } from '@chasqui/ports';
import { createMemoryUsers } from './users.ts';

const clock = createManualClock();
let users: UserStore;

userStoreContract('memory', {
  clock,
  advance: clock.advance,
  async create() {
    users = createMemoryUsers();
    return users;
  },
  // The store outlives its users.
  reopen: async () => users,
});
