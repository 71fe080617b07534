import { setTimeout as wait } from 'node:timers/promises';
import { searchIndexContract } from '@chasqui/contracts';
import { systemClock } from '@chasqui/kit';
import { afterAll } from 'vitest';
import { RealInstallation } from './testing/real-cluster.ts';

const installation = new RealInstallation();

// Restarts, which take the engine half a minute, are in restarts.real.test.ts.
searchIndexContract('Elasticsearch', {
  clock: systemClock,
  advance: (ms) => wait(ms),
  // That it does so by itself within 2 s has a test of its own.
  settle: () => installation.refresh(),
  async create() {
    await installation.deleteIndices();
    await installation.setup();
    return await installation.open();
  },
});

afterAll(() => installation[Symbol.asyncDispose]());
