import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as pass } from 'node:timers/promises';
import { createManualClock } from '@chasqui/contracts';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { type Logger, silentLogger, systemClock } from '@chasqui/kit';
import type { Delivery } from '@chasqui/ports';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterEach, expect, test, vi } from 'vitest';
import { createGrpcPeerLink, type GrpcPeerLink, type GrpcPeerLinkOptions } from './peer-link.ts';
import { createGrpcPeerServer, type GrpcPeerServerOptions } from './peer-server.ts';
import { PEER_SERVICE } from './wire.ts';

const secret = 'a secret of the tests';
const owned: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of owned.splice(0).reverse()) await part[Symbol.asyncDispose]();
});

/** A node that records the batches it gets. */
async function node(options: Partial<GrpcPeerServerOptions> = {}) {
  const batches: Delivery[][] = [];
  const server = await createGrpcPeerServer({
    port: 0,
    nodeId: 'b',
    onDeliveries(deliveries) {
      batches.push([...deliveries]);
      return deliveries.map(() => 1);
    },
    logger: silentLogger,
    ...(options.tls === undefined ? { secret } : {}),
    ...options,
  });
  owned.push(server);
  return { batches, server, target: { nodeId: 'b', peerAddress: `127.0.0.1:${server.port}` }, port: server.port };
}

function link(options: Partial<GrpcPeerLinkOptions> = {}): GrpcPeerLink {
  const made = createGrpcPeerLink({
    clock: systemClock,
    random: () => 0.5,
    logger: silentLogger,
    limits: { ...DEFAULT_LIMITS, peerDeadlineMs: 10_000 },
    nodeId: 'a',
    ...(options.tls === undefined ? { secret } : {}),
    ...options,
  });
  owned.push(made);
  return made;
}

const one: Delivery[] = [{ userId: 'bob', frame: '{}' }];
const certificate = (name: string) => readFile(new URL(`./testing/certificates/${name}`, import.meta.url));
const tlsOf = async (name: string) => ({
  ca: await certificate('ca.pem'),
  cert: await certificate(`${name}.pem`),
  key: await certificate(`${name}.key`),
  serverName: 'peers.test',
});

test('what arrives while a batch is away travels together in the next', async () => {
  const { batches, target } = await node();
  const peers = link();
  await peers.deliver(target, one);
  const calls = [peers.deliver(target, one)];
  await new Promise(setImmediate);
  for (let call = 0; call < 300; call++) calls.push(peers.deliver(target, one));
  await Promise.all(calls);
  expect(batches.map(({ length }) => length)).toEqual([1, 1, 300]);
});

test('C16: no batch is larger than its bounds', async () => {
  const { batches, target } = await node();
  const frame = 'x'.repeat(10_000);
  await link().deliver(
    target,
    Array.from({ length: 700 }, () => ({ userId: 'bob', frame })),
  );
  for (const batch of batches) expect(batch.length * frame.length).toBeLessThanOrEqual(DEFAULT_LIMITS.maxBatchBytes);
  await link().deliver(
    target,
    Array.from({ length: 4_200 }, () => ({ userId: 'bob', frame: '{}' })),
  );
  expect(batches.slice(-3).map(({ length }) => length)).toEqual([2_000, 2_000, 200]);
});

test('C15: a caller with a wrong secret, or none, is refused and its deliveries are not taken', async () => {
  const { batches, target } = await node();
  for (const wrong of ['a secret of the testz', 'a secret of the test', '', 'ä'.repeat(40)]) {
    const peers = wrong === '' ? link({ tls: await tlsOf('node') }) : link({ secret: wrong });
    await expect(peers.deliver(target, one)).rejects.toMatchObject({ code: 'peer_unavailable' });
  }
  await expect(link({ secret: 'wrong' }).deliver(target, one)).rejects.toThrow('UNAUTHENTICATED');
  expect(batches).toEqual([]);
  expect(await link().deliver(target, one)).toEqual([1]);
});

test('C15: a secret may have any letters', async () => {
  const { target } = await node({ secret: 'pässwörd, 你好' });
  expect(await link({ secret: 'pässwörd, 你好' }).deliver(target, one)).toEqual([1]);
  await expect(link({ secret: 'pässwörd, 你们' }).deliver(target, one)).rejects.toThrow('UNAUTHENTICATED');
});

test('C15: an address or a node id that cannot be is unavailable', async () => {
  const { target } = await node();
  for (const peerAddress of ['', ':', 'no port', 'http://127.0.0.1:1/', '127.0.0.1:99999']) {
    const call = link().deliver({ nodeId: 'b', peerAddress }, one);
    await expect(call).rejects.toMatchObject({ code: 'peer_unavailable' });
  }
  const call = link().deliver({ ...target, nodeId: 'ä\n' }, one);
  await expect(call).rejects.toMatchObject({ code: 'peer_unavailable' });
});

test('C15: with TLS a caller needs a certificate that the authority has signed, and so does the node', async () => {
  const { batches, target } = await node({ tls: await tlsOf('node') });
  for (const stranger of [link(), link({ tls: await tlsOf('stranger') })]) {
    await expect(stranger.deliver(target, one)).rejects.toMatchObject({ code: 'peer_unavailable' });
  }
  expect(batches).toEqual([]);
  expect(await link({ tls: await tlsOf('node') }).deliver(target, one)).toEqual([1]);
  const impostor = await node({ tls: await tlsOf('stranger') });
  const trusting = link({ tls: await tlsOf('node') });
  await expect(trusting.deliver(impostor.target, one)).rejects.toMatchObject({ code: 'peer_unavailable' });
});

test('C15: with a secret and TLS a caller needs both', async () => {
  const { target } = await node({ tls: await tlsOf('node'), secret });
  const half = link({ tls: await tlsOf('node') });
  await expect(half.deliver(target, one)).rejects.toThrow('UNAUTHENTICATED');
  expect(await link({ tls: await tlsOf('node'), secret }).deliver(target, one)).toEqual([1]);
});

test('neither end starts without a secret or certificates', async () => {
  const open = { clock: systemClock, random: () => 0, logger: silentLogger, limits: DEFAULT_LIMITS, nodeId: 'a' };
  expect(() => createGrpcPeerLink(open)).toThrow('needs a secret or TLS certificates');
  const server = createGrpcPeerServer({
    port: 0,
    nodeId: 'b',
    onDeliveries: () => [],
    logger: silentLogger,
    secret: '',
  });
  await expect(server).rejects.toMatchObject({ code: 'config_invalid' });
});

test('a node listens on the loopback alone unless told otherwise', async () => {
  const { port } = await node();
  const outward = Object.values(networkInterfaces())
    .flat()
    .filter((face) => face?.family === 'IPv4' && !face.internal);
  const outcome = (host: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, host, () => resolve('open'));
      socket.on('error', () => resolve('refused')).on('connect', () => socket.destroy());
    });
  expect(await outcome('127.0.0.1')).toBe('open');
  for (const face of ['127.0.0.2', ...outward.map((each) => each?.address ?? '')]) {
    expect(await outcome(face)).toBe('refused');
  }
});

test('a port in use is an error that names it', async () => {
  const { port } = await node();
  const error = await node({ port }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'config_invalid', details: { port } });
  expect((error as Error).message).toContain(`${port}`);
});

test('C9: a node whose process hangs after the handshake is unavailable at the deadline', async () => {
  const deaf = new Server();
  deaf.addService(PEER_SERVICE, { Deliver: () => {} });
  const port = await new Promise<number>((resolve) => {
    deaf.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, bound) => resolve(bound));
  });
  const began = performance.now();
  const peers = link({ limits: { ...DEFAULT_LIMITS, peerDeadlineMs: 600 } });
  const call = peers.deliver({ nodeId: 'b', peerAddress: `127.0.0.1:${port}` }, one);
  await expect(call).rejects.toThrow('no answer within 600 ms');
  expect(performance.now() - began).toBeLessThan(1_500);
  deaf.forceShutdown();
});

test('C16: a connection without use is closed, and made again when there is something to say', async () => {
  const clock = createManualClock();
  const { target } = await node();
  const peers = link({ clock, idleMs: 10_000 });
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const remaining = (count: number) => vi.waitFor(() => expect(sockets()).toBe(count), { timeout: 5_000 });
  await remaining(0);
  expect(await peers.deliver(target, one)).toEqual([1]);
  await clock.advance(9_000);
  expect(await peers.deliver(target, one)).toEqual([1]);
  await clock.advance(9_000);
  expect({ sockets: sockets(), peers: peers.peers }).toEqual({ sockets: 2, peers: 1 });
  await clock.advance(2_000);
  await remaining(0);
  expect(peers.peers).toBe(0);
  expect(await peers.deliver(target, one)).toEqual([1]);
});

test('C16: a link that was closed while its node was away never connects to it again', async () => {
  const { port, server } = await node();
  const peers = link();
  await server[Symbol.asyncDispose]();
  await expect(peers.deliver({ nodeId: 'b', peerAddress: `127.0.0.1:${port}` }, one)).rejects.toThrow('ECONNREFUSED');
  await peers[Symbol.asyncDispose]();
  let connections = 0;
  const back = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => back.listen(port, '127.0.0.1', resolve));
  // The test proves that nothing happens, so it waits six times the pause after which it would.
  await pass(600);
  back.close();
  expect(connections).toBe(0);
});

test('a node stops at once, whoever is connected to it', async () => {
  const { target, server } = await node();
  const peers = link();
  await peers.deliver(target, one);
  const began = performance.now();
  await server[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(900);
});

test('a stream that has worked and broke is made again without a pause', async () => {
  const lost: object[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields) => void lost.push(fields) };
  const peers = link({ clock: createManualClock(), logger });
  const first = await node();
  expect(await peers.deliver(first.target, one)).toEqual([1]);
  await first.server[Symbol.asyncDispose]();
  await node({ port: first.port });
  await vi.waitFor(() => expect(lost).toHaveLength(1), { timeout: 5_000 });
  expect(await peers.deliver(first.target, one)).toEqual([1]);
});

test('after a failure calls fail at once without a try, for 200 ms at least and a second at most', async () => {
  const lost: object[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields) => void lost.push(fields) };
  const clock = createManualClock();
  const peers = link({ clock, logger });
  const nobody = { nodeId: 'b', peerAddress: '127.0.0.1:1' };
  const tries = async () => {
    await expect(peers.deliver(nobody, one)).rejects.toMatchObject({ code: 'peer_unavailable' });
    return lost.length;
  };
  expect(await tries()).toBe(1);
  await clock.advance(199);
  expect(await tries()).toBe(1);
  for (let failures = 2; failures < 6; failures++) {
    await clock.advance(1_000);
    expect(await tries()).toBe(failures);
  }
  await clock.advance(499);
  expect(await tries()).toBe(5);
});
