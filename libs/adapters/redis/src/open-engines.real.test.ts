import { afterEach, expect, test } from 'vitest';
import { openEngines, testConfig } from './testing/parts.ts';
import { TestServer } from './testing/test-server.ts';

let server: TestServer;
afterEach(() => server[Symbol.asyncDispose]());

const fault = (settings: Readonly<Record<string, string>>, startMs?: number) =>
  openEngines(testConfig(settings), startMs).then(
    () => expect.fail('it opened'),
    (error) => error,
  );

test('a server that is away is waited for, and then named with what to do', async () => {
  server = await TestServer.create();
  await server.stop();
  const error = await fault(server.settings, 600);
  expect(error).toMatchObject({ code: 'presence_unavailable' });
  expect(error.message).toMatch(/Redis at 127\.0\.0\.1:\d+ was away for 1 s \(.*ECONNREFUSED.*\): start it, or change/);
});

test('a server that comes while it is waited for is used', async () => {
  server = await TestServer.create();
  await server.stop();
  const opening = openEngines(testConfig(server.settings));
  await server.start();
  const ports = await opening;
  await ports.presence.ping();
  await ports[Symbol.asyncDispose]();
});

test('a wrong or missing password is told at once, without the password', async () => {
  server = await TestServer.create('--requirepass', 'correct horse');
  const { port } = server;
  const right = { ...server.settings, CHASQUI_REDIS_PASSWORD: 'correct horse' };
  const inUrl = { CHASQUI_REDIS_URL: `redis://:correct%20horse@127.0.0.1:${port}` };
  for (const settings of [right, inUrl]) await (await openEngines(testConfig(settings)))[Symbol.asyncDispose]();
  for (const settings of [server.settings, { ...server.settings, CHASQUI_REDIS_PASSWORD: 'battery staple' }]) {
    const error = await fault(settings);
    expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('CHASQUI_REDIS_PASSWORD') });
    expect(JSON.stringify([error.message, error.details, error.cause, { ...error.cause }])).not.toContain('battery');
  }
});

test('missing rights are told at once', async () => {
  server = await TestServer.create();
  await server.command('ACL', 'SETUSER', 'reader', 'on', '>pass', '~*', '+@read', '+@connection', '+info');
  const error = await fault({ CHASQUI_REDIS_URL: `redis://reader:pass@127.0.0.1:${server.port}` });
  expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('rights') });
});

test('a mode that the server does not have is told at once', async () => {
  server = await TestServer.create();
  const noCluster = await fault({ ...server.settings, CHASQUI_REDIS_MODE: 'cluster' });
  expect(noCluster).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('MODE=standalone') });
  await server[Symbol.asyncDispose]();
  server = await TestServer.create('--cluster-enabled', 'yes');
  const cluster = await fault(server.settings);
  expect(cluster).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('MODE=cluster') });
});

test('a database that the server does not have is told at once', async () => {
  server = await TestServer.create();
  const error = await fault({ CHASQUI_REDIS_URL: `redis://127.0.0.1:${server.port}/99` });
  expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('no such database') });
});
