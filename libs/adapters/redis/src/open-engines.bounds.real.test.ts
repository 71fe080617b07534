import { type StoredMessage, shardOf } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKeys, OFFLINE_PARTS } from './keys.ts';
import { createRedisOfflineCache } from './offline-cache.ts';
import { RedisLink } from './redis-link.ts';
import { openEngines, TestPorts, testConfig } from './testing/parts.ts';
import { TestServer } from './testing/test-server.ts';

let server: TestServer;
let all: TestPorts;

beforeAll(async () => {
  server = await TestServer.create('--maxmemory-policy', 'volatile-ttl');
  all = new TestPorts(server.settings);
  await all.connect();
});
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Users who share a part of the offline cache. */
const neighbours = Array.from({ length: 1_000 }, (_, i) => `user${i}`).filter(
  (user) => shardOf(user, OFFLINE_PARTS) === 7,
);

function message(messageId: string, length = 1_000): StoredMessage {
  return {
    messageId,
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'phone',
    clientMessageId: messageId,
    kind: 'c2c',
    content: { text: 'x'.repeat(length) },
    sentAt: 1,
    audience: ['ann', 'bob'],
    statuses: { bob: 'unread' },
    revision: 0,
    steps: [],
  };
}

describe('C16: the offline cache', () => {
  /** Room for three messages of 1,000 characters in each part. */
  const small = (prefix: string) => all.fresh({ prefix, offlineMaxBytes: OFFLINE_PARTS * 4_200 }).offlineCache;
  const [ann = '', bob = '', cat = ''] = neighbours;

  test('forgets first whose last message is oldest, and keeps the newest of one who is alone at the bound', async () => {
    const cache = small('o1:');
    const has = async (userId: string, ...ids: string[]) =>
      (await cache.get(userId, ids)).map((found) => found !== null);
    await cache.add(ann, [message('1')]);
    await cache.add(bob, [message('2'), message('3')]);
    await cache.add(ann, [message('4')]);
    expect(await has(bob, '2', '3')).toEqual([false, false]);
    expect(await has(ann, '1', '4')).toEqual([true, true]);
    await cache.add(cat, [message('5'), message('6'), message('7'), message('8')]);
    expect(await has(ann, '1', '4')).toEqual([false, false]);
    expect(await has(cat, '5', '6', '7', '8')).toEqual([false, true, true, true]);
    await cache.add(cat, [message('9', 10_000)]);
    expect(await has(cat, '8', '9')).toEqual([false, false]);
    await cache.add(cat, [message('a')]);
    expect(await has(cat, 'a')).toEqual([true]);
  });

  test('counts a user no longer whose time is over', async () => {
    const keys = createKeys('o3:');
    const link = new RedisLink({ client: all.client, clock: systemClock, timeoutMs: 5_000 });
    const brief = createRedisOfflineCache({ link, keys, perUser: 10, maxBytes: 1_000_000, keepMs: 50 });
    const long = createRedisOfflineCache({ link, keys, perUser: 10, maxBytes: 1_000_000 });
    await long.add(bob, [message('2')]);
    await brief.add(ann, [message('1')]);
    await long.add(bob, [message('3')]);
    await expect.poll(() => brief.get(ann, ['1'])).toEqual([null]);
    await brief.add(cat, [message('4')]);
    expect(Object.keys(await all.client.hgetall(keys.offline(ann).bytes)).sort()).toEqual(['', cat].sort());
  });

  test('knows what it holds, to the byte, whatever comes and goes', async () => {
    const cache = small('o2:');
    const keys = createKeys('o2:');
    const users = neighbours.slice(0, 4);
    let state = 42;
    const pick = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((state / 2 ** 31) * below);
    };
    for (let step = 0; step < 200; step++) {
      const user = users[pick(4)] ?? '';
      const ids = Array.from({ length: 1 + pick(3) }, () => String(100 + pick(20)));
      if (pick(3) === 0) await cache.drop(user, ids);
      else
        await cache.add(
          user,
          ids.map((id) => message(id, pick(900))),
        );
      const counts = await all.client.hgetall(keys.offline(ann).bytes);
      let sum = 0;
      for (const one of users) {
        const held = await all.client.zrangebylex(keys.offline(one).messages, '-', '+');
        const bytes = held.reduce((total, member) => total + Buffer.byteLength(member) + 120, 0);
        expect(Number(counts[one] ?? 0)).toBe(bytes);
        sum += bytes;
      }
      expect(Number(counts[''])).toBe(sum);
      expect(sum).toBeLessThanOrEqual(4_200);
    }
  });
});

test('C16: no dedup hint is kept longer than configured, however long is asked for', async () => {
  const { dedupHints } = all.fresh({ prefix: 'd1:', dedupMaxMs: 5_000 });
  const claim = { from: 'ann', clientMessageId: 'k', conversationId: 'ann~bob', messageId: '1', digest: 'd' };
  await dedupHints.claim([claim], 30 * 24 * 3_600_000);
  expect(await all.client.pttl(createKeys('d1:').dedup('ann', 'k'))).toBeLessThanOrEqual(5_000);
});

test('C16: a full Redis forgets hints and caches, and nobody who is there', async () => {
  await using engines = await openEngines(testConfig({ ...server.settings, CHASQUI_REDIS_TIMEOUT_MS: '10000' }));
  const node = { nodeId: 'n1', wsUrl: 'ws://x', peerAddress: 'x', connections: 0, draining: false, startedAt: 1 };
  await engines.nodes.renew(node, 60_000);
  const users = Array.from({ length: 300 }, (_, i) => `user${i}`);
  const fields = { deviceId: 'phone', nodeId: 'n1', platform: 'web', since: 1 };
  await Promise.all(users.map((userId) => engines.presence.register({ userId, sessionId: userId, ...fields })));
  const used = Number(/used_memory:(\d+)/.exec(await all.client.info('memory'))?.[1]);
  await all.client.config('SET', 'maxmemory', used + 2 * 1024 * 1024);
  const digest = 'd'.repeat(500);
  for (let round = 0; round < 20; round++) {
    const claims = Array.from({ length: 500 }, (_, i) => ({
      from: 'ann',
      clientMessageId: `${round}-${i}`,
      conversationId: 'ann~bob',
      messageId: '1',
      digest,
    }));
    await engines.dedupHints.claim(claims, 60_000_000);
    await engines.offlineCache.add(`user${round}`, [message(String(round), 30_000)]);
  }
  expect(Number(/evicted_keys:(\d+)/.exec(await all.client.info('stats'))?.[1])).toBeGreaterThan(1_000);
  expect((await engines.presence.lookup(users)).filter((found) => found.length === 1)).toHaveLength(300);
  expect(await engines.nodes.renew(node, 60_000)).toBe(true);
  await all.client.config('SET', 'maxmemory', 0);
});
