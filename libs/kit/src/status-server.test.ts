import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createMetrics } from './metrics.ts';
import { createStatusServer } from './status-server.ts';

async function listening() {
  const server = await createStatusServer({
    host: '127.0.0.1',
    port: 0,
    metrics: createMetrics({ app: 'test' }),
    notReady: () => [],
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return (bytes: string) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    onTestFinished(() => void socket.destroy());
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', () => {});
    const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
    return { socket, closed };
  };
}

test('C16: sockets of the status port that hold a place for nothing are closed, after at most a few seconds', async () => {
  const open = await listening();
  const started = performance.now();
  const ends = ['', 'GET /he', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ', 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'];
  const received = await Promise.all(ends.map((bytes) => open(bytes).closed));
  expect(received.at(-1)).toContain('200 OK');
  // Node's own timeouts are 5 s after an answer, and at least 60 s for the headers.
  expect(performance.now() - started).toBeLessThan(30_000);
}, 60_000);

test('C16: a status port has a bound of sockets, and takes others when some have gone', async () => {
  const open = await listening();
  const held = Array.from({ length: 256 }, () => open(''));
  await Promise.all(held.map(({ socket }) => once(socket, 'connect')));
  expect(await open('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n').closed).toBe('');
  for (const { socket } of held) socket.destroy();
  await expect
    .poll(() => open('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n').closed, { timeout: 20_000 })
    .toContain('200 OK');
}, 60_000);
