import { setTimeout as sleep } from 'node:timers/promises';
import {
  cachesContract,
  groupNodesContract,
  offlineCacheContract,
  presenceContract,
  progressWitnessContract,
} from '@chasqui/contracts';
import { systemClock } from '@chasqui/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redis } from '../../../../deploy/engines/redis.ts';
import { TestPorts } from './testing/parts.ts';

const ports = new TestPorts(redis.settings);
beforeAll(() => ports.connect());
afterAll(() => ports[Symbol.asyncDispose]());

// The server judges leases and buckets by its own clock, which cannot be moved: the suites wait, on leases of 400 ms.
const realTime = { clock: systemClock, advance: (ms: number) => sleep(ms) };

presenceContract('Redis', { ...realTime, create: async () => ports.fresh() });

groupNodesContract('Redis', { ...realTime, create: async () => ports.fresh().groupNodes });

cachesContract('Redis', {
  ...realTime,
  propertyRuns: 100,
  create: async () => ports.fresh(),
});

offlineCacheContract('Redis', {
  ...realTime,
  offlinePerUser: 5,
  create: async () => ports.fresh({ offlinePerUser: 5 }).offlineCache,
});

progressWitnessContract('Redis', () => ports.fresh().progressWitness);

test('C16: every key that all this made has an end', async () => {
  const keys = await ports.keys();
  expect(keys.length).toBeGreaterThan(20);
  for (const key of keys) expect(await ports.client.pttl(key), key).not.toBe(-1);
});
