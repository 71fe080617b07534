import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { createHttpScanner } from './http-scanner.ts';

async function startServer(status: number, body: string) {
  const asked: { method: string | undefined; length: string | undefined; bytes: number }[] = [];
  const server = createServer(async (request, response) => {
    let bytes = 0;
    for await (const piece of request) bytes += (piece as Buffer).length;
    asked.push({ method: request.method, length: request.headers['content-length'], bytes });
    if (status > 0) response.writeHead(status).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scan`;
  return { url, asked, [Symbol.dispose]: () => void server.close().closeAllConnections() };
}
async function* piecesOf(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 70_000) yield bytes.subarray(at, at + 70_000);
}

test.each([
  [200, '{"infected":false}', { result: 'clean' }],
  [200, '{"infected":true,"name":"Worm"}', { result: 'infected', name: 'Worm' }],
  [200, '{"infected":true}', { result: 'infected', name: 'unknown' }],
  [413, '', { result: 'too_large' }],
])('a server that answers %i %s has a verdict', async (status, body, verdict) => {
  using server = await startServer(status, body);
  await using scanner = createHttpScanner({ url: server.url, timeoutMs: 5_000 });
  expect(await scanner.scan(piecesOf(Buffer.alloc(500_001)), 500_001)).toEqual(verdict);
  expect(server.asked).toEqual([{ method: 'POST', length: '500001', bytes: 500_001 }]);
});

test.each([
  [500, ''],
  [200, 'clean'],
  [200, '{}'],
  [302, ''],
  [0, ''],
])('C11: a server that answers %i %s is away', async (status, body) => {
  using server = await startServer(status, body);
  await using scanner = createHttpScanner({ url: server.url, timeoutMs: 300 });
  await expect(scanner.scan(piecesOf(Buffer.of(1)), 1)).rejects.toMatchObject({ code: 'engine_unavailable' });
});

test('a file that cannot be read is no fault of the scanner', async () => {
  using server = await startServer(200, '{"infected":false}');
  await using scanner = createHttpScanner({ url: server.url, timeoutMs: 5_000 });
  async function* failing() {
    yield Buffer.from('x');
    throw new ImError('store_unavailable', 'the store is away');
  }
  await expect(scanner.scan(failing(), 9)).rejects.toMatchObject({ code: 'store_unavailable' });
});

test.each([200, 404, 405, 302])('a server that answers %i to HEAD is there', async (status) => {
  using server = await startServer(status, '');
  await using scanner = createHttpScanner({ url: server.url, timeoutMs: 5_000 });
  await scanner.ping();
  expect(server.asked).toMatchObject([{ method: 'HEAD' }]);
});

test('C11: a server that hangs, or is not there, is away', async () => {
  using server = await startServer(0, '');
  for (const url of [server.url, 'http://127.0.0.1:9/scan']) {
    await using scanner = createHttpScanner({ url, timeoutMs: 300 });
    await expect(scanner.ping()).rejects.toMatchObject({ code: 'engine_unavailable' });
  }
});
