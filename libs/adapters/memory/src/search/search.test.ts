import { createManualClock, searchIndexContract } from '@chasqui/contracts';
import type { SearchIndex } from '@chasqui/ports';
import { createMemorySearch } from './search.ts';

const clock = createManualClock();
let search: SearchIndex;

searchIndexContract('memory', {
  clock,
  advance: clock.advance,
  settle: async () => {},
  async create() {
    search = createMemorySearch();
    return search;
  },
  // The index outlives its users.
  reopen: async () => search,
});
