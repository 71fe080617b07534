import { setTimeout as sleep } from 'node:timers/promises';
import { cachesContract, groupNodesContract, offlineCacheContract, presenceContract } from '@chasqui/contracts';
import { systemClock } from '@chasqui/kit';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngines, TestPorts, testConfig } from './testing/parts.ts';
import { TestCluster } from './testing/test-cluster.ts';

let cluster: TestCluster;
let ports: TestPorts;

beforeAll(async () => {
  cluster = await TestCluster.create();
  ports = new TestPorts(cluster.settings);
  await ports.connect();
});
afterAll(async () => {
  await ports[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const realTime = { clock: systemClock, advance: (ms: number) => sleep(ms) };

// A script whose keys are in different slots fails (CROSSSLOT), so every method of every port is called here.
presenceContract('Redis Cluster', { ...realTime, create: async () => ports.fresh() });
groupNodesContract('Redis Cluster', { ...realTime, create: async () => ports.fresh().groupNodes });
cachesContract('Redis Cluster', {
  ...realTime,
  propertyRuns: 10,
  create: async () => ports.fresh(),
});
offlineCacheContract('Redis Cluster', {
  ...realTime,
  offlinePerUser: 5,
  create: async () => ports.fresh({ offlinePerUser: 5 }).offlineCache,
});

describe('Redis Cluster', () => {
  const node = { nodeId: 'n1', wsUrl: 'ws://x', peerAddress: 'x', connections: 0, draining: false, startedAt: 1 };

  test('users are spread over all masters', async () => {
    const { presence, nodes } = ports.fresh();
    await nodes.renew(node, 60_000);
    const users = Array.from({ length: 60 }, (_, i) => `user${i}`);
    const before = await sizes();
    const fields = { deviceId: 'phone', nodeId: 'n1', platform: 'web', since: 1 };
    await Promise.all(users.map((userId) => presence.register({ userId, sessionId: userId, ...fields })));
    for (const [index, size] of (await sizes()).entries()) expect(size).toBeGreaterThan(before[index] ?? 0);
    expect((await presence.lookup(users)).flat()).toHaveLength(60);
    expect((await presence.onNode('n1', null, 100)).entries).toHaveLength(60);
    await nodes.remove('n1');
    expect(await presence.onNode('n1', null, 100)).toEqual({ entries: [], cursor: null });
  });

  test('while one master is away only what it keeps fails, in time; it recovers unaided', async () => {
    await using engines = await openEngines(testConfig(cluster.settings));
    const limit = { perSecond: 1, burst: 1_000 };
    const keys = Array.from({ length: 30 }, (_, i) => `key${i}`);
    const take = () => Promise.allSettled(keys.map((key) => engines.rateLimits.take(key, 1, limit)));
    await engines.nodes.renew(node, 60_000);
    // The registry ignores the loss of a master it never spoke to. Twice, so that each master has sent its run id.
    for (let round = 0; round < 2; round++) await take();
    const [first] = cluster.masters;
    await first?.kill();
    const startedAt = performance.now();
    const outcomes = await take();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const failed = outcomes.filter(({ status }) => status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    for (const outcome of failed) expect(outcome).toMatchObject({ reason: { code: 'presence_unavailable' } });
    await first?.start();
    await expect
      .poll(async () => (await take()).every(({ status }) => status === 'fulfilled'), { timeout: 20_000 })
      .toBe(true);
    // That master may have lost its last writes.
    await expect.poll(() => engines.nodes.renew(node, 60_000), { timeout: 20_000 }).toBe(false);
    expect(await engines.nodes.renew(node, 60_000)).toBe(true);
  });
});

async function sizes(): Promise<number[]> {
  if (!(ports.client instanceof Cluster)) throw new Error('this is no cluster');
  return Promise.all(ports.client.nodes('master').map((master) => master.dbsize()));
}
