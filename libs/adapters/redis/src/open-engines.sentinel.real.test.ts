import type { DevicePresence } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { openEngines, testConfig } from './testing/parts.ts';
import { TestServer } from './testing/test-server.ts';

const node = { nodeId: 'n1', wsUrl: 'ws://x', peerAddress: 'x', connections: 0, draining: false, startedAt: 1 };
const phone: DevicePresence = {
  userId: 'ann',
  deviceId: 'phone',
  sessionId: 's1',
  nodeId: 'n1',
  platform: 'web',
  since: 1,
};

test('the sentinels’ master is used; when it dies, its successor is found unaided, and nodes register again', async () => {
  await using master = await TestServer.create();
  await using replica = await TestServer.create('--replicaof', '127.0.0.1', String(master.port));
  await expect.poll(() => replica.command('INFO', 'replication')).toContain('master_link_status:up');
  await using sentinel = await TestServer.sentinel('chasqui', master);
  await expect.poll(() => sentinel.command('SENTINEL', 'REPLICAS', 'chasqui'), { timeout: 20_000 }).toHaveLength(1);
  await using ports = await openEngines(
    testConfig({
      CHASQUI_REDIS_MODE: 'sentinel',
      CHASQUI_REDIS_URL: `redis://127.0.0.1:${sentinel.port}`,
      CHASQUI_REDIS_SENTINEL_NAME: 'chasqui',
    }),
  );
  await ports.nodes.renew(node, 60_000);
  await ports.presence.register(phone);
  await master.kill();
  await expect(ports.presence.ping()).rejects.toMatchObject({ code: 'presence_unavailable' });
  const renewed = () => ports.nodes.renew(node, 60_000).catch(() => 'away');
  await expect.poll(renewed, { timeout: 40_000 }).toBe(false);
  await ports.presence.register(phone);
  expect(await ports.presence.lookup(['ann'])).toEqual([[phone]]);
  await expect.poll(renewed).toBe(true);
});
