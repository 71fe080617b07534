import { once } from 'node:events';
import { connect } from 'node:net';
import { defined } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, type GatewayFixture, handshake } from './gateway-fixture.ts';

export function httpTests({ start, open }: GatewayFixture): void {
  async function startWithRoutes() {
    const { gateway, handlers } = await start();
    handlers.onHttp = async (path) => {
      if (path === '/broken') throw new Error('secret');
      return path === '/healthz' ? { status: 503, contentType: 'application/json', body: '{"état":"né"}' } : null;
    };
    return { gateway, handlers, url: `http://127.0.0.1:${gateway.port}` };
  }

  test('plain HTTP on the same port gets the handler’s answer', async () => {
    const { url } = await startWithRoutes();
    for (const path of ['/healthz', '/healthz?verbose=1']) {
      const answer = await fetch(url + path);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(await answer.json()).toEqual({ état: 'né' });
    }
    const head = await fetch(`${url}/healthz`, { method: 'HEAD' });
    expect({ status: head.status, body: await head.text() }).toEqual({ status: 503, body: '' });
  });

  test('C15: an unknown path is a 404, another method a 405, a failing handler a 500 that tells nothing', async () => {
    const { url } = await startWithRoutes();
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
    expect((await fetch(`${url}/ws`)).status).toBe(404);
    expect((await fetch(`${url}/healthz`, { method: 'POST', body: 'x' })).status).toBe(405);
    const broken = await fetch(`${url}/broken`);
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain('secret');
  });

  test('C15: a client that leaves before its answer harms nobody', async () => {
    const { gateway, handlers, url } = await startWithRoutes();
    const { promise, resolve } = Promise.withResolvers<null>();
    let asked = false;
    handlers.onHttp = (path) => {
      if (path !== '/slow') return Promise.resolve(null);
      asked = true;
      return promise;
    };
    const leaving = new AbortController();
    const request = fetch(`${url}/slow`, { signal: leaving.signal }).catch(() => 'left');
    await eventually(() => expect(asked).toBe(true));
    leaving.abort();
    expect(await request).toBe('left');
    await open(gateway);
    resolve(null);
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  });

  test('C15: an upgrade is refused on any path but the WebSockets’ own', async () => {
    const { gateway, handlers } = await startWithRoutes();
    for (const path of ['/', '/wss', '/ws/more', '/elsewhere']) {
      const client = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`);
      const [error] = (await once(client, 'error')) as [Error];
      expect(error.message).toBe('Unexpected server response: 404');
    }
    expect(handlers.opened).toEqual([]);
  });

  test('C15: an upgrade that is not let in gets 403 and never reaches the handlers; one without an origin says so', async () => {
    const asked: [string, string][] = [];
    const { gateway, handlers } = await start({
      admits(origin, host) {
        asked.push([origin, host]);
        return origin !== 'https://evil.example';
      },
    });
    const url = `ws://127.0.0.1:${gateway.port}/ws`;
    const refused = new WebSocket(url, { origin: 'https://evil.example' });
    const [error] = (await once(refused, 'error')) as [Error];
    expect(error.message).toBe('Unexpected server response: 403');
    await open(gateway);
    const admitted = new WebSocket(url, { origin: 'https://chat.example' });
    await once(admitted, 'open');
    admitted.terminate();
    const host = `127.0.0.1:${gateway.port}`;
    expect(asked).toEqual([
      ['https://evil.example', host],
      ['', host],
      ['https://chat.example', host],
    ]);
    expect(handlers.opened).toHaveLength(2);
  });

  test('C15: a client’s address is the one that called, whatever it says, unless a proxy of one’s own says it', async () => {
    const forwarded = { 'x-forwarded-for': '6.6.6.6, 192.0.2.7' };
    for (const [proxies, expected] of [
      [undefined, '127.0.0.1'],
      [0, '127.0.0.1'],
      [1, '192.0.2.7'],
    ] as const) {
      const { gateway, handlers } = await start(defined({ proxies }));
      const client = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, { headers: forwarded });
      await once(client, 'open');
      client.terminate();
      expect(handlers.opened.map(({ remoteAddress }) => remoteAddress)).toEqual([expected]);
    }
  });

  test('an upgrade with a query is an upgrade', async () => {
    const { gateway } = await startWithRoutes();
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write(handshake('/ws?token=x'));
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1\.1 101 /);
    socket.destroy();
  });

  test('C15: what is not HTTP harms nobody', async () => {
    const { gateway } = await startWithRoutes();
    const socket = connect(gateway.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(Buffer.from('\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 'latin1'));
    await once(socket.resume(), 'close');
    await open(gateway);
  });
}
