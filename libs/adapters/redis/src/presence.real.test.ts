import type { DevicePresence, NodeInfo } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Incarnations } from './incarnations.ts';
import { createKeys, type Keys } from './keys.ts';
import { createRedisNodes, removeEntries } from './node-registry.ts';
import { LEAVE } from './node-scripts.ts';
import { createRedisPorts, type RedisPorts } from './ports.ts';
import { PresenceTouch } from './presence-touch.ts';
import { RedisLink } from './redis-link.ts';
import { TestPorts } from './testing/parts.ts';
import { TestServer } from './testing/test-server.ts';

const LEASE = 60_000;
const DAY = 24 * 3_600_000;

let server: TestServer;
let all: TestPorts;
let link: RedisLink;
let keys: Keys;
let ports: RedisPorts;
let prefixes = 0;

beforeAll(async () => {
  server = await TestServer.create();
  all = new TestPorts(server.settings);
  await all.connect();
  link = new RedisLink({ client: all.client, clock: systemClock, timeoutMs: 5_000 });
});
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  const prefix = `p${++prefixes}:`;
  keys = createKeys(prefix);
  ports = createRedisPorts({ link, restarts: all.restarts, clock: systemClock, config: { ...all.config, prefix } });
  await ports.nodes.renew(node('n1'), LEASE);
});

function node(nodeId: string): NodeInfo {
  return { nodeId, wsUrl: 'ws://x', peerAddress: 'x', connections: 0, draining: false, startedAt: 1 };
}
function entry(userId: string, sessionId = userId): DevicePresence {
  return { userId, deviceId: 'phone', sessionId, nodeId: 'n1', platform: 'web', since: 1 };
}
const leave = () =>
  LEAVE(all.client, [keys.leases, keys.seen, keys.infos, keys.claims, keys.leaving], ['n1', '0', DAY]);

describe('removal of a node’s entries', () => {
  test('spares what the node registers again while it goes on', async () => {
    await ports.presence.register(entry('ann'));
    await ports.presence.register(entry('bob'));
    const incarnation = (await leave()) ?? '';
    expect(await ports.nodes.renew(node('n1'), LEASE)).toBe(false);
    await ports.presence.register(entry('ann'));
    await removeEntries(link, keys, 'n1', incarnation);
    expect(await ports.presence.lookup(['ann', 'bob'])).toEqual([[entry('ann')], []]);
    expect(await ports.presence.onNode('n1', null, 10)).toEqual({ entries: [entry('ann')], cursor: null });
    expect(await all.client.zcard(keys.node('n1'))).toBe(1);
  });

  test('goes through more entries than a page holds', async () => {
    const users = Array.from({ length: 1_203 }, (_, i) => `user${i}`);
    await Promise.all(users.map((user) => ports.presence.register(entry(user))));
    await ports.nodes.remove('n1');
    expect(await all.client.exists(keys.node('n1'), ...users.map(keys.user))).toBe(0);
    expect(await all.client.hlen(keys.leaving)).toBe(0);
  });

  test('is taken up by the next who asks for dead nodes, when whoever was at it broke off', async () => {
    await ports.presence.register(entry('ann'));
    const incarnation = await leave();
    expect(await ports.nodes.claimDead(1_000)).toEqual([]);
    expect(await all.client.exists(keys.user('ann'))).toBe(1);
    await all.client.hset(keys.leaving, 'n1', `${incarnation} 0`);
    expect(await ports.nodes.claimDead(1_000)).toEqual([]);
    expect(await all.client.exists(keys.user('ann'), keys.node('n1'), keys.leaving)).toBe(0);
  });
});

test('C16: entries are prolonged while their node renews, and its list loses what belongs to no entry', async () => {
  await ports.presence.register(entry('ann'));
  const [listed = ''] = await all.client.zrangebylex(keys.node('n1'), '-', '+');
  const [stale, coming] = [listed.replace('ann', 'bob'), listed.replace('ann', 'cat')];
  await all.client.zadd(keys.node('n1'), 0, stale, 0, coming);
  await all.client.pexpire(keys.user('ann'), 1_000);
  await all.client.pexpire(keys.node('n1'), 1_000);
  const touch = new PresenceTouch(link, keys, systemClock);
  touch.underWay.add(coming);
  const round = { after: '-' };
  await touch.page('n1', round);
  expect(round.after).toBe('-');
  expect(await all.client.pttl(keys.user('ann'))).toBeGreaterThan(DAY);
  expect(await all.client.pttl(keys.node('n1'))).toBeGreaterThan(DAY);
  expect(await all.client.zrangebylex(keys.node('n1'), '-', '+')).toEqual([listed, coming].sort());
});

test('C16: at the bound of nodes the longest dead one is forgotten, then new ones are refused', async () => {
  const touch = new PresenceTouch(link, keys, systemClock);
  const nodes = createRedisNodes({
    link,
    restarts: all.restarts,
    keys,
    incarnations: new Incarnations(),
    touch,
    maxNodes: 2,
  });
  await nodes.renew(node('n2'), 1);
  await expect.poll(async () => (await nodes.live()).length).toBe(1);
  await nodes.renew(node('n3'), LEASE);
  await expect(nodes.renew(node('n4'), LEASE)).rejects.toMatchObject({ code: 'presence_unavailable' });
  expect(await nodes.renew(node('n3'), LEASE)).toBe(true);
  expect((await nodes.live()).map(({ nodeId }) => nodeId).sort()).toEqual(['n1', 'n3']);
  expect(await nodes.claimDead(1_000)).toEqual([]);
});

test('a lookup is one command for all its users, as leases that stand are not asked for again', async () => {
  await ports.presence.register(entry('ann'));
  await ports.presence.lookup(['ann']);
  await all.client.config('RESETSTAT');
  for (let i = 0; i < 50; i++) await ports.presence.lookup(['ann', 'bob']);
  const stats = await all.client.info('commandstats');
  expect(stats).toMatch(/cmdstat_evalsha:calls=50,/);
});
