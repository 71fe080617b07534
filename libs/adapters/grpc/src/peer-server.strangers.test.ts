import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { type Logger, silentLogger, systemClock } from '@chasqui/kit';
import { afterEach, expect, test, vi } from 'vitest';
import { createGrpcPeerLink } from './peer-link.ts';
import { createGrpcPeerServer } from './peer-server.ts';
import { DELIVER } from './wire.ts';

const secret = 'a secret of the tests';
const owned: AsyncDisposable[] = [];
const raw: (ClientHttp2Session | Socket)[] = [];
afterEach(async () => {
  for (const client of raw.splice(0)) client.destroy();
  for (const part of owned.splice(0).reverse()) await part[Symbol.asyncDispose]();
});

/** A node, and a check that a peer with the secret can still deliver. Errors thrown outside it fail the test. */
async function stage(logger: Logger = silentLogger) {
  const onDeliveries = vi.fn((deliveries: readonly unknown[]) => deliveries.map(() => 1));
  const server = await createGrpcPeerServer({ port: 0, nodeId: 'b', secret, logger, onDeliveries });
  const peers = createGrpcPeerLink({
    clock: systemClock,
    random: () => 0.5,
    logger: silentLogger,
    nodeId: 'a',
    secret,
    limits: { ...DEFAULT_LIMITS, peerDeadlineMs: 10_000 },
  });
  owned.push(server, peers);
  const { port } = server;
  const deliver = () =>
    peers.deliver({ nodeId: 'b', peerAddress: `127.0.0.1:${port}` }, [{ userId: 'bob', frame: '{}' }]);
  const session = () => {
    const client = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => {});
    raw.push(client);
    return client;
  };
  return { port, deliver, session, onDeliveries };
}

const headers = (more: object = {}) => ({
  ':method': 'POST',
  ':path': DELIVER.path,
  'content-type': 'application/grpc',
  te: 'trailers',
  ...more,
});
const bearer = (of: string) => `Bearer ${Buffer.from(of).toString('base64')}`;

test.each([
  ['no secret', {}],
  ['a wrong secret', { authorization: bearer('another secret of nobody') }],
  ['a secret of another form', { authorization: secret, 'chasqui-to': 'b' }],
  ['another path', { ':path': '/grpc.health.v1.Health/Watch' }],
])('C15: a hundred streams with %s end their session and nothing else', async (_, more) => {
  const { session, deliver, onDeliveries } = await stage();
  const client = session();
  const closed = new Promise((resolve) => client.once('close', resolve));
  const statuses: unknown[] = [];
  for (let n = 0; n < 100; n++) {
    const stream = client.request(headers(more)).on('error', () => {});
    stream.on('response', (answer) => statuses.push(answer['grpc-status']));
  }
  await closed;
  expect(statuses).not.toContain('0');
  expect(onDeliveries).not.toHaveBeenCalled();
  expect(await deliver()).toEqual([1]);
});

test('C15: a stranger’s streams ask for no settings to be changed; a peer’s are widened once', async () => {
  const { session } = await stage();
  const asking = async (more: object) => {
    const client = session();
    const settings = vi.fn();
    client.on('remoteSettings', settings);
    const closed = new Promise((resolve) => client.once('close', resolve));
    await vi.waitFor(() => expect(settings).toHaveBeenCalledTimes(1));
    for (let n = 0; n < 12; n++) client.request(headers(more)).on('error', () => {});
    return { client, settings, closed };
  };
  const stranger = await asking({});
  await stranger.closed;
  expect(stranger.settings).toHaveBeenCalledTimes(1);
  const peer = await asking({ authorization: bearer(secret), 'chasqui-to': 'b' });
  await vi.waitFor(() => expect(peer.settings).toHaveBeenCalledTimes(2), 5_000);
  for (let n = 0; n < 3; n++) await new Promise((resolve) => peer.client.ping(resolve));
  expect(peer.settings).toHaveBeenCalledTimes(2);
});

test.each([
  ['garbage', 'GET / HTTP/1.1\r\n\r\n'],
  ['half a preface', 'PRI * HTTP/2.0\r\n'],
  ['a preface and garbage', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff'],
  [
    'a preface, SETTINGS and an endless header block',
    Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
      ...Array.from({ length: 200 }, (_, n) => Buffer.from([0, 0, 1, n === 0 ? 1 : 9, 0, 0, 0, 0, 1, 0x82])),
    ]),
  ],
  ['nothing', ''],
])('C15: %s on fifty half-open connections disturbs nobody', async (_, bytes) => {
  const { port, deliver } = await stage();
  for (let n = 0; n < 50; n++) {
    const socket = connect(port, '127.0.0.1')
      .on('error', () => {})
      .resume();
    raw.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(bytes);
    if (n % 2 === 0) socket.destroy();
  }
  expect(await deliver()).toEqual([1]);
});

test('C16: refusals do not fill the log', async () => {
  const warn = vi.fn();
  const { session, deliver } = await stage({ ...silentLogger, warn } as unknown as Logger);
  const closed = Array.from({ length: 5 }, () => {
    const client = session();
    for (let n = 0; n < 10; n++) client.request(headers()).on('error', () => {});
    return new Promise((resolve) => client.once('close', resolve));
  });
  await Promise.all(closed);
  await deliver();
  expect(warn).toHaveBeenCalledTimes(1);
});
