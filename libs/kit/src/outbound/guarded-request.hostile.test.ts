import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { GuardedClient } from './guarded-request.ts';

/** A server that does with each connection what it likes. `closed`: how many of them the client has closed. */
async function hostile(onRequest: (socket: Socket) => void) {
  const own = { url: new URL('http://127.0.0.1'), closed: 0, opened: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    own.opened++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => own.closed++);
    socket.on('data', () => onRequest(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  own.url.port = `${(server.address() as AddressInfo).port}`;
  return own;
}

const OK = 'HTTP/1.1 200 OK\r\n';

async function ask(client: GuardedClient, url: URL, ms = 200) {
  const answer = client.ask(url, { method: 'POST', headers: {}, body: '{}', signal: AbortSignal.timeout(ms) });
  // A request that is neither answered nor refused fails the test.
  return Promise.race([answer, pause(ms + 2_000).then(() => 'nothing')]);
}

describe('C15: a hostile receiver cannot hold a request beyond its time, nor end the process', () => {
  const client = () => {
    const own = new GuardedClient({ allowPrivate: true, maxSockets: 2 });
    onTestFinished(() => own[Symbol.dispose]());
    return own;
  };

  test.each<[string, (socket: Socket) => void]>([
    ['never answers', () => {}],
    ['never ends its head', (socket) => void socket.write(`${OK}x-a: `)],
    [
      'sends provisional answers without end',
      (socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5);
        socket.once('close', () => clearInterval(timer));
      },
    ],
    [
      'changes the protocol',
      (socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: anything\r\n\r\n');
      },
    ],
    ['answers what is no HTTP', (socket) => void socket.end('SSH-2.0-OpenSSH\r\n')],
    ['has a head without end', (socket) => void socket.write(`${OK}x-a: ${'a'.repeat(1024 * 1024)}`)],
    ['closes at once', (socket) => void socket.destroy()],
  ])('one that %s', async (_, onRequest) => {
    const { url } = await hostile(onRequest);
    await expect(ask(client(), url)).rejects.toThrow();
  });

  test.each<[string, (socket: Socket) => void]>([
    [
      'sends its body byte by byte',
      (socket) => {
        socket.write(`${OK}content-length: 1000\r\n\r\n`);
        const timer = setInterval(() => socket.write('a'), 20);
        socket.once('close', () => clearInterval(timer));
      },
    ],
    ['never ends its chunks', (socket) => void socket.write(`${OK}transfer-encoding: chunked\r\n\r\n1\r\na\r\n`)],
    [
      'resets in its answer',
      (socket) => {
        socket.write(`${OK}content-length: 1000\r\n\r\naaa`);
        setTimeout(() => socket.resetAndDestroy(), 20);
      },
    ],
  ])('one that %s has given its status, and its connection is closed', async (_, onRequest) => {
    const server = await hostile(onRequest);
    expect(await ask(client(), server.url)).toMatchObject({ status: 200 });
    await expect.poll(() => server.closed).toBe(1);
  });

  test.each<[string, (socket: Socket) => void]>([
    [
      'sends a second answer',
      (socket) => void socket.write(`${OK}content-length: 0\r\n\r\n${OK}content-length: 0\r\n\r\n`),
    ],
    ['sends garbage behind its answer', (socket) => void socket.write(`${OK}content-length: 0\r\n\r\n\0\0\0garbage`)],
    [
      'resets behind its answer',
      (socket) => {
        socket.write(`${OK}content-length: 0\r\n\r\n`);
        setTimeout(() => socket.resetAndDestroy(), 5);
      },
    ],
  ])('one that %s is believed once', async (_, onRequest) => {
    const { url } = await hostile(onRequest);
    const own = client();
    for (let n = 0; n < 3; n++) {
      const answer = await ask(own, url).catch((error: Error) => error);
      expect(answer === 'nothing', 'neither answered nor refused').toBe(false);
      await pause(10);
    }
  });

  test('C16: of an answer without end no more than 16 KiB are read, and its connection is closed', async () => {
    const body = 'a'.repeat(64 * 1024);
    const server = await hostile((socket) => {
      socket.write(`${OK}content-length: 1000000000\r\n\r\n`);
      const more = () => socket.writable && socket.write(body, () => setTimeout(more, 1));
      more();
    });
    const answer = await ask(client(), server.url);
    expect(answer).toMatchObject({ status: 200, body: 'a'.repeat(16 * 1024) });
    await expect.poll(() => server.closed).toBe(1);
  });
});
