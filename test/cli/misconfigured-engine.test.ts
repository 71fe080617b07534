import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from '../../apps/cli/src/testing/run-command.ts';

/** A Redis that is silent at first, and later demands a password. */
async function redisInTrouble() {
  let demands = false;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (commands) => {
      const count = commands.toString().match(/^\*\d+\r$/gm)?.length ?? 0;
      if (demands) socket.write('-NOAUTH Authentication required.\r\n'.repeat(count));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const demand = () => {
    demands = true;
  };
  return { url: `redis://127.0.0.1:${port}`, demand };
}

test('a server that started without an engine ends once that proves misconfigured, and says what to do', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-misconfigured-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const redis = await redisInTrouble();
  const { code, out, err } = await runCommand(['up', '--port', '0', '--nodes', '1', '--data', dataDir], {
    cwd: dataDir,
    env: { CHASQUI_LOG_LEVEL: 'silent', CHASQUI_PRESENCE: 'redis', CHASQUI_REDIS_URL: redis.url },
    heard: (said) => {
      if (said.includes('Chasqui is running.')) redis.demand();
    },
  });
  expect(out).toContain('Chasqui is running.');
  expect(err).toMatch(/^chasqui: Redis at .* refuses: .*NOAUTH .*CHASQUI_REDIS_PASSWORD \(config_invalid\)\n$/);
  expect(code).toBe(1);
}, 60_000);
