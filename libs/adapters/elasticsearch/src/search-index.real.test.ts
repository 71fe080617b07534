import { setTimeout as wait } from 'node:timers/promises';
import { searchIndexContract } from '@chasqui/contracts';
import { systemClock } from '@chasqui/kit';
import { afterAll } from 'vitest';
import { RealInstallation } from './testing/real-cluster.ts';

const installation = new RealInstallation();

// Restarts, which take half a minute, are tested in restarts.real.test.ts.
searchIndexContract('Elasticsearch', {
  clock: systemClock,
  advance: (ms) => wait(ms),
  // Another test checks that written documents become searchable without this call within 2 s.
  settle: () => installation.refresh(),
  async create() {
    await installation.deleteIndices();
    await installation.setup();
    return await installation.open();
  },
});

afterAll(() => installation[Symbol.asyncDispose]());
