import type { ServerFrame } from '@chasqui/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from '../../libs/adapters/redis/src/testing/test-server.ts';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';
import { change } from '../journeys/devices.ts';
import { createInstallation } from './installation.ts';

/** `nodeLeaseMs`, and what a busy machine needs besides. */
const LEASE_MS = 8_000 + 4_000;

async function loggedIn(cluster: TestCluster, user: string, node: number): Promise<RawSocket> {
  const socket = await RawSocket.open(cluster.running.connect[node - 1]?.wsUrl ?? '');
  const token = await cluster.token(user);
  socket.send({ type: 'login', token, deviceId: `${user}-phone`, platform: 'test', groupsSince: 0 });
  await socket.next('login_ok');
  return socket;
}

const ofTeam = (frame: ServerFrame) => 'conversationId' in frame && frame.conversationId === 'team';

/** The engines beside a Redis of the test's own. */
const BESIDE = [
  { title: 'the embedded engines', install: async () => ({ env: {}, [Symbol.asyncDispose]: async () => {} }) },
  { title: 'RabbitMQ and MySQL', install: () => createInstallation('classic') },
];

describe.each(BESIDE)('Redis is emptied under a group on two nodes, beside $title', ({ install }) => {
  let owned: AsyncDisposableStack;
  let redis: TestServer;
  let cluster: TestCluster;
  beforeAll(async () => {
    owned = new AsyncDisposableStack();
    redis = owned.use(await TestServer.create());
    const { env } = owned.use(await install());
    cluster = owned.use(await startTestCluster({ env: { ...env, CHASQUI_PRESENCE: 'redis', ...redis.settings } }));
  }, 120_000);
  afterAll(() => owned.disposeAsync(), 120_000);

  it('C19, C20: within a lease all are told to sync, messages come live again, and a removal holds', async () => {
    using ann = await loggedIn(cluster, 'ann', 1);
    using ben = await loggedIn(cluster, 'ben', 2);
    using cat = await loggedIn(cluster, 'cat', 2);
    const members = ['ben', 'cat'];
    expect(await change(cluster, 'ann', 'POST', '/api/groups', { conversationId: 'team', name: 'T', members })).toBe(
      201,
    );
    let sent = 0;
    const post = (text: string) => {
      ann.send({ type: 'chat', clientMessageId: `m${++sent}`, conversationId: 'team', content: { text } });
    };
    const has = (socket: RawSocket, text: string) =>
      socket.frames.some((frame) => frame.type === 'chat' && ofTeam(frame) && frame.content?.text === text);
    post('before');
    await expect.poll(() => has(ben, 'before') && has(cat, 'before')).toBe(true);

    await redis.command('FLUSHALL');
    const emptiedAt = performance.now();
    // Once as sessions, and once when they are in their groups again.
    for (const socket of [ann, ben, cat, ann, ben, cat]) await socket.next('sync_needed');
    post('after');
    await expect.poll(() => has(ben, 'after') && has(cat, 'after')).toBe(true);
    expect(performance.now() - emptiedAt).toBeLessThan(LEASE_MS);

    expect(await change(cluster, 'ann', 'DELETE', '/api/groups/team/members/cat')).toBe(204);
    post('without cat');
    await expect.poll(() => has(ben, 'without cat')).toBe(true);
    const { frames } = await cat.settled('end');
    const texts = frames.flatMap((frame) => (frame.type === 'chat' && ofTeam(frame) ? [frame.content?.text] : []));
    expect(texts).toEqual(['before', 'after']);
    expect(frames).toContainEqual(expect.objectContaining({ type: 'membership', event: 'removed' }));
  }, 120_000);
});
