import { setTimeout as sleep } from 'node:timers/promises';
import type { DevicePresence, NodeInfo } from '@chasqui/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RedisPorts } from './ports.ts';
import { openEngines, testConfig } from './testing/parts.ts';
import { TestServer } from './testing/test-server.ts';

let server: TestServer;
let ports: RedisPorts & AsyncDisposable;

const LEASE = 8_000;
const node: NodeInfo = {
  nodeId: 'n1',
  wsUrl: 'ws://x',
  peerAddress: 'x',
  connections: 0,
  draining: false,
  startedAt: 1,
};
const phone: DevicePresence = {
  userId: 'ann',
  deviceId: 'phone',
  sessionId: 's1',
  nodeId: 'n1',
  platform: 'web',
  since: 1,
};
const claim = (messageId: string) => ({
  from: 'ann',
  clientMessageId: 'k',
  conversationId: 'ann~bob',
  messageId,
  digest: 'd',
});

/** How long the call took to fail, milliseconds. */
async function failure(call: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await expect(call()).rejects.toMatchObject({ code: 'presence_unavailable', retry: 'backoff' });
  return performance.now() - startedAt;
}

/** How long it takes until calls succeed again, milliseconds. */
async function recovery(): Promise<number> {
  const startedAt = performance.now();
  await expect.poll(() => ports.presence.ping().then(() => 'answers', String), { timeout: 20_000 }).toBe('answers');
  return performance.now() - startedAt;
}

/** Every method of every port. */
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  register: () => ports.presence.register(phone),
  unregister: () => ports.presence.unregister(phone),
  lookup: () => ports.presence.lookup(['ann', 'bob']),
  onNode: () => ports.presence.onNode('n1', null, 10),
  ping: () => ports.presence.ping(),
  renew: () => ports.nodes.renew(node, LEASE),
  remove: () => ports.nodes.remove('other'),
  live: () => ports.nodes.live(),
  claimDead: () => ports.nodes.claimDead(1_000),
  settle: () => ports.nodes.settle('other'),
  set: () => ports.unreadCache.set([{ userId: 'ann', conversationId: 'ann~bob', count: 1, total: 1, position: 1 }]),
  get: () => ports.unreadCache.get('ann'),
  fill: () => ports.unreadCache.fill({ userId: 'ann', total: 0, byConversation: {}, position: 0 }),
  drop: () => ports.unreadCache.drop('ann'),
  read: () => ports.offlineCache.get('ann', ['1']),
  forget: () => ports.offlineCache.drop('ann', ['1']),
  subscribe: () => ports.groupNodes.subscribe('n1', ['team']),
  unsubscribe: () => ports.groupNodes.unsubscribe('other', ['team']),
  nodesOf: () => ports.groupNodes.nodesOf(['team']),
  claim: () => ports.dedupHints.claim([claim('1')], 60_000),
  take: () => ports.rateLimits.take('ann', 1, { perSecond: 1, burst: 1 }),
};

beforeAll(async () => {
  server = await TestServer.create();
  ports = await openEngines(testConfig(server.settings));
});
afterAll(async () => {
  await ports[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await ports.nodes.renew(node, LEASE);
  await ports.presence.register(phone);
});

describe('C11: while Redis is away', () => {
  test('killed: every call fails at once; after its return the node registers again, as the last writes may be lost', async () => {
    await server.kill();
    for (const [name, call] of Object.entries(calls)) expect(await failure(call), name).toBeLessThan(1_500);
    const restarted = server.start();
    expect(await recovery()).toBeLessThan(5_000);
    await restarted;
    await expect.poll(() => ports.nodes.renew(node, LEASE)).toBe(false);
    await ports.presence.register(phone);
    expect(await ports.presence.lookup(['ann'])).toEqual([[phone]]);
    expect(await ports.nodes.renew(node, LEASE)).toBe(true);
  });

  test('restarted in good order: it has all that was acked', async () => {
    const first = claim('first');
    expect(await ports.dedupHints.claim([first], 60_000)).toEqual([first]);
    await server.stop();
    await failure(() => ports.presence.lookup(['ann']));
    await server.start();
    expect(await recovery()).toBeLessThan(5_000);
    expect(await ports.presence.lookup(['ann'])).toEqual([[phone]]);
    expect(await ports.dedupHints.claim([claim('second')], 60_000)).toEqual([first]);
  });

  test('frozen for ten seconds: calls fail in time, then at once; thawed, it answers, and nobody has died of it', async () => {
    server.freeze();
    try {
      // Without those that, executed late, would renew the lease or remove the entry.
      const { renew: _, unregister: __, ...others } = calls;
      const together = await Promise.all(Object.values(others).map(failure));
      expect(Math.max(...together)).toBeLessThan(2_000);
      await sleep(3_000);
      for (let i = 0; i < 6; i++) {
        expect(await failure(() => ports.presence.lookup(['ann']))).toBeLessThan(700);
        await sleep(1_000);
      }
    } finally {
      server.thaw();
    }
    expect(await recovery()).toBeLessThan(5_000);
    expect(await ports.nodes.claimDead(1_000)).toEqual([]);
    expect(await ports.presence.lookup(['ann'])).toEqual([[phone]]);
    expect(await ports.nodes.renew(node, LEASE)).toBe(true);
  });
});

describe('emptied, scripts and all', () => {
  beforeEach(async () => {
    await server.command('FLUSHALL');
    await server.command('SCRIPT', 'FLUSH');
  });

  test('every call goes on', async () => {
    for (const call of Object.values(calls)) await call();
  });

  test('a node learns from its next renewal that it was lost, and registers again', async () => {
    expect(await ports.presence.lookup(['ann'])).toEqual([[]]);
    expect(await ports.nodes.live()).toEqual([]);
    expect(await ports.nodes.renew(node, LEASE)).toBe(false);
    expect(await ports.presence.register(phone)).toEqual({ others: [], replaced: null, newer: null });
    expect(await ports.presence.lookup(['ann'])).toEqual([[phone]]);
    expect(await ports.nodes.renew(node, LEASE)).toBe(true);
  });
});
