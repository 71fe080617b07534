import { DEFAULT_LIMITS } from '@chasqui/domain';
import { CLOSE_CODES } from '@chasqui/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from './raw-socket.ts';

let cluster: TestCluster;
beforeAll(async () => {
  const few = { maxConnectionsPerAddress: 2, failedLoginsPerSecond: 0.01, failedLoginBurst: 2 };
  const env = { CHASQUI_TRUST_PROXY: 'on', CHASQUI_CORS_ORIGINS: 'https://chat.example' };
  cluster = await startTestCluster({ nodes: 1, env, limits: { ...DEFAULT_LIMITS, ...few } });
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

async function logIn(socket: RawSocket, token: string): Promise<RawSocket> {
  socket.send({ type: 'login', token, deviceId: 'd' });
  await socket.next('login_ok');
  return socket;
}

describe.each([
  ['the port of a node', '192.0.2', () => cluster.running.connect[0]?.wsUrl ?? ''],
  ['the port of the API', '198.51.100', () => `${cluster.running.url.replace('http', 'ws')}/ws`],
])('at %s', (_, network, url) => {
  const from = (address: string) => RawSocket.open(url(), { 'x-forwarded-for': `6.6.6.6, ${address}` });

  test('C16: an address has its share of connections, and others are not disturbed', async () => {
    using first = await logIn(await from(`${network}.1`), await cluster.token('ann'));
    using second = await from(`${network}.1`);
    using third = await from(`${network}.1`);
    expect(await third.closed()).toBe(CLOSE_CODES.overloaded);
    using other = await logIn(await from(`${network}.2`), await cluster.token('ben'));
    for (const socket of [first, other]) expect(await socket.settled('on')).toEqual({ frames: [] });
    second[Symbol.dispose]();
    // Its slot is free once the node has noticed the close.
    await expect
      .poll(
        async () => {
          using next = await from(`${network}.1`);
          next.send({ type: 'login', token: 'x', deviceId: 'd' });
          return await next.closed();
        },
        { timeout: 10_000 },
      )
      .toBe(CLOSE_CODES.token_invalid);
  });

  test('C16: where log-ins failed too often, a good token waits too; elsewhere it is good at once', async () => {
    for (const expected of ['token_invalid', 'token_invalid', 'token_invalid', 'overloaded'] as const) {
      using socket = await from(`${network}.3`);
      socket.send({
        type: 'login',
        token: expected === 'overloaded' ? await cluster.token('cid') : 'x',
        deviceId: 'd',
      });
      expect((await socket.next('error')).code).toBe(expected);
      expect(await socket.closed()).toBe(CLOSE_CODES[expected]);
    }
    using elsewhere = await logIn(await from(`${network}.4`), await cluster.token('cid'));
    expect(await elsewhere.settled('on')).toEqual({ frames: [] });
  });

  test('C16: where log-ins failed too often, no bytes are decoded any more', async () => {
    const garbage = Uint8Array.from([0xc1]);
    for (const expected of ['invalid_json', 'invalid_json', 'invalid_json', 'overloaded', 'overloaded'] as const) {
      using socket = await RawSocket.open(url(), { 'x-forwarded-for': `${network}.6` }, 'chasqui.v1.msgpack');
      socket.send(garbage);
      expect((await socket.next('error')).code).toBe(expected);
      expect(await socket.closed()).toBe(CLOSE_CODES[expected]);
    }
  });

  test('C15: a page of another host is not let in, one of the same host is, and one that is named', async () => {
    const opened = (origin: string) =>
      RawSocket.open(url(), { origin, 'x-forwarded-for': `${network}.5` }).then(
        (socket) => {
          socket[Symbol.dispose]();
          return 'opened';
        },
        (error: Error) => error.message,
      );
    expect(await opened('https://evil.example')).toBe('Unexpected server response: 403');
    expect(await opened('http://localhost:4400')).toBe('Unexpected server response: 403');
    expect(await opened('http://127.0.0.1:4400')).toBe('opened');
    expect(await opened('https://chat.example')).toBe('opened');
  });
});
