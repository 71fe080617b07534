import { createManualClock, sweepStoreContract } from '@chasqui/contracts';
import { createMemorySweeps } from './sweeps.ts';

const clock = createManualClock();
let sweeps: ReturnType<typeof createMemorySweeps>;

sweepStoreContract('memory', {
  clock,
  advance: clock.advance,
  async create() {
    sweeps = createMemorySweeps();
    return sweeps;
  },
  // The store outlives its users.
  reopen: async () => sweeps,
});
