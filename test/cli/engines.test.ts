import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@chasqui/app-cli/cluster';
import { silentLogger } from '@chasqui/kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { audited, commandEngines } from '../../apps/cli/src/support/installation.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'chasqui-cli-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const account = { userId: 'ann', passwordHash: 'x', displayName: 'Ann', createdAt: 1 };

test('commands work on what a running server has, and on what it left', async () => {
  const server = await startCluster({
    env: { CHASQUI_DATA_DIR: dataDir, CHASQUI_LOG_LEVEL: 'silent' },
    nodes: 1,
    port: 0,
    logger: silentLogger,
  });
  await server.engines.users.create(account);
  {
    await using engines = await commandEngines({}, dataDir);
    expect(await engines.users.get('ann')).toMatchObject({ displayName: 'Ann' });
    await audited(engines, 'rebuild_index', async () => '7 messages indexed');
  }
  const actor = expect.stringMatching(/^cli:.+@.+/);
  expect(await server.engines.auditLog.page({ limit: 9 })).toMatchObject([
    { actor, action: 'rebuild_index', outcome: 'done', detail: '7 messages indexed' },
    { actor, action: 'rebuild_index', outcome: 'begun' },
  ]);
  await server[Symbol.asyncDispose]();
  for (const left of ['nothing', 'a socket']) {
    // As after kill -9.
    if (left === 'a socket') await writeFile(join(dataDir, 'engine.sock'), '');
    await using engines = await commandEngines({}, dataDir);
    expect(await engines.users.get('ann'), left).toMatchObject({ displayName: 'Ann' });
  }
}, 120_000);

test('a folder that no server ever ran on is said to be one, and nothing is made there', async () => {
  const nothing = join(dataDir, 'nothing');
  await expect(commandEngines({}, nothing)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining(`no server is running on ${nothing}, and the folder has no data`),
  });
  expect(existsSync(nothing)).toBe(false);
});

test('commands of another machine use the engines at their address, with the secret of the installation alone', async () => {
  const elsewhere = join(dataDir, 'elsewhere');
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const address = `127.0.0.1:${port}`;
  const secret = { CHASQUI_PEER_SECRET: 'the secret of the installation' };
  await using server = await startCluster({
    env: { CHASQUI_DATA_DIR: dataDir, CHASQUI_LOG_LEVEL: 'silent', CHASQUI_ENGINE_LISTEN: address, ...secret },
    nodes: 1,
    port: 0,
    logger: silentLogger,
  });
  await server.engines.users.create(account);
  const there = { CHASQUI_ENGINE_ADDRESS: address };
  await using engines = await commandEngines({ ...there, ...secret }, elsewhere);
  expect(await engines.users.get('ann')).toMatchObject({ displayName: 'Ann' });
  const refused = { code: 'config_invalid', message: expect.stringContaining('CHASQUI_PEER_SECRET') };
  await expect(commandEngines(there, elsewhere)).rejects.toMatchObject(refused);
  const other = { CHASQUI_PEER_SECRET: 'that of another installation' };
  await expect(commandEngines({ ...there, ...other }, elsewhere)).rejects.toMatchObject(refused);
  expect(existsSync(elsewhere)).toBe(false);
}, 120_000);
