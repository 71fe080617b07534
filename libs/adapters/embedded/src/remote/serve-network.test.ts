import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { userStoreContract } from '@chasqui/contracts';
import { CONVERSATION_TOPIC, defined } from '@chasqui/domain';
import type { PeerCertificate } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import { type EngineInternals, INTERNALS } from '../engine-internals.ts';
import { connectEmbeddedEngines, type EmbeddedEngines, serveEngineNetwork } from '../index.ts';
import { createSoftEngines, openBusOnly, openSpoilingStores } from '../testing/parts.ts';
import { parts, scratchFolder, scratchHarness } from '../testing/scratch.ts';

const secret = 'what only this installation knows';
const certificates = join(import.meta.dirname, '../../../grpc/src/testing/certificates');
const certificateOf = (name: string): PeerCertificate => ({
  ca: readFileSync(join(certificates, 'ca.pem')),
  cert: readFileSync(join(certificates, `${name}.pem`)),
  key: readFileSync(join(certificates, `${name}.key`)),
  serverName: 'peers.test',
});

const folder = scratchFolder();
let made = 0;

const enginesOf = (internals: Partial<EngineInternals>) =>
  ({ ...createSoftEngines(), [INTERNALS]: internals }) as unknown as EmbeddedEngines;

const serve = (internals: Partial<EngineInternals>, tls?: PeerCertificate) =>
  serveEngineNetwork(enginesOf(internals), { host: '127.0.0.1', port: 0, secret, ...defined({ tls }), ...parts });

function reach(port: number, known: { secret?: string; tls?: PeerCertificate } = {}, connectTimeoutMs = 1_000) {
  const network = { host: '127.0.0.1', port, secret, ...known };
  return connectEmbeddedEngines({ path: 'not used', network, connectTimeoutMs, ...parts });
}

/** A bus that is served over the network. */
async function hostBus(tls?: PeerCertificate) {
  const dataDir = join(folder, String(++made));
  mkdirSync(dataDir);
  const { subject: hub, close } = await openBusOnly({ ...parts, dataDir });
  onTestFinished(close);
  const { port, ...server } = await serve({ hub }, tls);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { hub, port };
}

userStoreContract(
  'embedded, over a network',
  scratchHarness(async (given) => {
    const { subject: stores, close, abandon } = await openSpoilingStores(given, 4_000_000);
    const hub = { topicShards: () => ({}) } as never;
    const { port, ...server } = await serve({ stores: stores as never, hub }, certificateOf('node'));
    const remote = await reach(port, { tls: certificateOf('node') });
    const hangUp = async () => {
      await remote[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    };
    return {
      subject: remote.users,
      close: () => hangUp().then(close),
      abandon: () => hangUp().then(abandon),
    };
  }),
);

test('C15: a process without the secret of the installation gets nothing, and is told why', async () => {
  const { port } = await hostBus();
  await expect(reach(port, { secret: 'another secret' })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/127\.0\.0\.1:\d+ has another secret: .*CHASQUI_PEER_SECRET/),
  });
});

test('C15: garbage and silence are answered by a challenge alone, and hold up nobody', async () => {
  const { port } = await hostBus();
  const strangers = ['GET / HTTP/1.1\r\n\r\n'.repeat(9), Buffer.alloc(64), ''].map((garbage) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    const heard: Buffer[] = [];
    socket.on('data', (data) => heard.push(data)).write(garbage);
    onTestFinished(() => void socket.destroy());
    return { socket, heard, garbage };
  });
  for (const { socket, garbage } of strangers) if (garbage.length > 0) await once(socket, 'close');
  await using remote = await reach(port);
  await remote.bus.ping();
  // The challenge and, for a wrong proof, an empty one.
  for (const { heard } of strangers) expect(Buffer.concat(heard).length).toBeLessThanOrEqual(64);
});

test('C15: what a listener heard of one connection opens no other', async () => {
  const { port } = await hostBus();
  const proofs: Buffer[] = [];
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.once('data', (data) => proofs.push(data));
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  const { port: listened } = listener.address() as { port: number };
  await using remote = await reach(listened);
  await remote.bus.ping();
  const again = connect(port, '127.0.0.1');
  await once(again, 'data');
  again.write(proofs[0] as Buffer);
  const [answer] = await once(again, 'data');
  expect(answer).toEqual(Buffer.alloc(32));
});

test('C15: with TLS, a certificate of another authority is refused, and plain text too', async () => {
  const tls = certificateOf('node');
  const { port } = await hostBus(tls);
  await using remote = await reach(port, { tls });
  expect(remote.bus.shards(CONVERSATION_TOPIC)).toBeGreaterThan(0);
  const refused = { code: 'engine_unavailable', message: expect.stringContaining(`127.0.0.1:${port}`) };
  await expect(reach(port, { tls: certificateOf('stranger') })).rejects.toMatchObject(refused);
  await expect(reach(port)).rejects.toMatchObject(refused);
});

test('a port that is taken is named', async () => {
  const { port, hub } = await hostBus();
  const second = serveEngineNetwork(enginesOf({ hub }), { host: '127.0.0.1', port, secret, ...parts });
  await expect(second).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining(`:${port}`) });
});
