import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../api/attach.ts';
import { startTestCluster, type TestCluster } from '../../cluster/cluster.ts';
import { run } from '../package/consumer.ts';
import { TUS_CLIENT, UPLOAD_PROGRAM } from './program.ts';

const bytes = randomBytes(7_000_001);
let cluster: TestCluster;
let folder: string;
let flaky: Server;
beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 1 });
  folder = await mkdtemp(join(tmpdir(), 'chasqui-tus-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}');
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', TUS_CLIENT], folder);
  await writeFile(join(folder, 'upload.mjs'), UPLOAD_PROGRAM);
  await writeFile(join(folder, 'file'), bytes);
  flaky = await cuttingProxy(Number(new URL(cluster.running.url).port));
}, 300_000);
afterAll(async () => {
  flaky?.close();
  await cluster?.[Symbol.asyncDispose]();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** Cuts each connection that has carried 2,500,000 bytes to the server, so that no request has all of the file. */
async function cuttingProxy(port: number): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const both: Socket[] = [client, upstream];
    const end = () => {
      for (const one of both) one.destroy();
    };
    let carried = 0;
    for (const socket of both) socket.on('error', () => {}).on('close', end);
    client.on('data', (piece) => {
      upstream.write(piece);
      carried += piece.length;
      // What was written is on its way.
      if (carried > 2_500_000) setTimeout(() => client.destroy(), 100);
    });
    upstream.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function call(method: string, path: string, body?: object) {
  return fetch(`${cluster.running.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${await cluster.token('ann')}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function reserve(): Promise<{ id: string; url: string }> {
  const fields = { name: 'noise', size: bytes.length, type: 'application/octet-stream', sha256: sha256(bytes) };
  const { id, upload } = (await (await call('POST', '/api/attachments', fields)).json()) as {
    id: string;
    upload: { url: string };
  };
  return { id, url: upload.url };
}

async function upload(url: string, { base = cluster.running.url, chunk = 0, stopAt = 0, terminates = false } = {}) {
  const args = [base + url, await cluster.token('ann'), 'file', chunk, stopAt, terminates].map(String);
  return (await run(process.execPath, ['upload.mjs', ...args], folder)).trim();
}

const offsetOf = async (id: string) =>
  (await call('HEAD', `/api/attachments/${id}/upload`)).headers.get('upload-offset');
const complete = async (id: string) => (await (await call('POST', `/api/attachments/${id}/complete`)).json()) as object;

test.each([0, 1_000_000])('tus-js-client uploads a file in requests of %d bytes', async (chunk) => {
  const { id, url } = await reserve();
  expect(await upload(url, { chunk })).toBe('done');
  expect(await complete(id)).toMatchObject({ state: 'ready' });
});

test('tus-js-client stops, and another run goes on from where the server is', async () => {
  const { id, url } = await reserve();
  expect(await upload(url, { chunk: 1_000_000, stopAt: 3_000_000 })).toBe('stopped at 3000000');
  expect(await offsetOf(id)).toBe('3000000');
  expect(await upload(url)).toBe('done');
  expect(await complete(id)).toMatchObject({ state: 'ready' });
});

test('tus-js-client goes on over connections that break in the middle of a request', async () => {
  const { id, url } = await reserve();
  const base = `http://127.0.0.1:${(flaky.address() as { port: number }).port}`;
  expect(await upload(url, { base })).toBe('done');
  expect(await complete(id)).toMatchObject({ state: 'ready' });
});

test('tus-js-client ends an upload on the server', async () => {
  const { id, url } = await reserve();
  expect(await upload(url, { chunk: 1_000_000, stopAt: 2_000_000, terminates: true })).toBe('stopped at 2000000');
  expect((await call('GET', `/api/attachments/${id}`)).status).toBe(404);
});
