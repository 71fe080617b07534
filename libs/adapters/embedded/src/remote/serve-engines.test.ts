import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { expect, onTestFinished, test } from 'vitest';
import type { EmbeddedBus } from '../bus/embedded-bus.ts';
import { INTERNALS } from '../engine-internals.ts';
import { connectEmbeddedEngines, type EmbeddedEngines, serveEmbeddedEngines } from '../index.ts';
import { createSoftEngines, openBusOnly, throughSocket } from '../testing/parts.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';

const folder = scratchFolder();
let made = 0;
const nothing = { close: async () => {}, abandon: async () => {} };

function newFolder(): string {
  const dataDir = join(folder, String(++made));
  mkdirSync(dataDir);
  return dataDir;
}

async function hostBus() {
  const dataDir = newFolder();
  const { subject: hub, ...opened } = await openBusOnly({ ...parts, dataDir });
  onTestFinished(opened.close);
  return { dataDir, hub, path: join(dataDir, 'engine.sock') };
}

async function remoteOf(dataDir: string, hub: EmbeddedBus) {
  const remote = await throughSocket(dataDir, { hub }, nothing, createSoftEngines());
  onTestFinished(remote.close);
  return remote;
}

/** The part of the engines that serving needs. */
const enginesOf = (hub: EmbeddedBus) =>
  ({ ...createSoftEngines(), [INTERNALS]: { hub } }) as unknown as EmbeddedEngines;

const publish = (bus: EmbeddedBus, shard: number, event: string) =>
  bus.publish({ topic: CONVERSATION_TOPIC, shard, body: JSON.stringify([event]) });

test('without an engine host, connecting fails in time and says where it looked', async () => {
  const path = join(newFolder(), 'engine.sock');
  const connecting = connectEmbeddedEngines({ ...parts, path, connectTimeoutMs: 300 });
  await expect(connecting).rejects.toMatchObject({
    code: 'engine_unavailable',
    message: expect.stringContaining(path),
  });
});

test('the engine host may be started after those who use it', async () => {
  const { dataDir, hub, path } = await hostBus();
  const connecting = connectEmbeddedEngines({ ...parts, path });
  await remoteOf(dataDir, hub);
  const late = await connecting;
  onTestFinished(() => late[Symbol.asyncDispose]());
  expect(late.bus.shards(CONVERSATION_TOPIC)).toBe(hub.shards(CONVERSATION_TOPIC));
});

test('only this user may connect; a socket file that was left behind is replaced; a socket in use is not', async () => {
  const { dataDir, hub, path } = await hostBus();
  writeFileSync(path, '');
  await remoteOf(dataDir, hub);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const second = serveEmbeddedEngines(enginesOf(hub), { ...parts, path });
  await expect(second).rejects.toMatchObject({ code: 'config_invalid' });
});

test('C15: garbage on the socket ends its connection and nothing else', async () => {
  const { dataDir, hub, path } = await hostBus();
  const { subject: remote } = await remoteOf(dataDir, hub);
  for (const garbage of ['GET / HTTP/1.1\r\n\r\n', Buffer.from([0, 0, 0, 2, 0xc1, 0xc1]), Buffer.alloc(64, 1)]) {
    const socket = connect(path).on('error', () => {});
    socket.write(garbage);
    socket.end();
    await once(socket.resume(), 'close');
  }
  await remote.bus.ping();
});

test('C12: while the host is away calls fail at once with the documented errors; afterwards all goes on by itself', async () => {
  const { dataDir, hub, path } = await hostBus();
  const first = await serveEmbeddedEngines(enginesOf(hub), { ...parts, path });
  const remote = await connectEmbeddedEngines({ ...parts, path });
  onTestFinished(() => remote[Symbol.asyncDispose]());
  const seen: string[] = [];
  remote.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'workers',
    handle: async (batch) => void seen.push(...batch.map(({ body }) => body)),
  });
  await publish(hub, 0, 'before');
  await expect.poll(() => seen).toEqual(['["before"]']);
  await first[Symbol.asyncDispose]();
  await expect
    .poll(() =>
      remote.bus.ping().then(
        () => 'there',
        (error) => error.code,
      ),
    )
    .toBe('bus_unavailable');
  const start = performance.now();
  const codes = await Promise.all(
    [remote.conversations, remote.messages, remote.logs, remote.users, remote.search, remote.presence].map((port) =>
      port.ping().then(
        () => 'there',
        (error) => error.code,
      ),
    ),
  );
  expect(codes).toEqual([...Array(4).fill('store_unavailable'), 'search_unavailable', 'presence_unavailable']);
  expect(performance.now() - start).toBeLessThan(500);
  await publish(hub, 0, 'meanwhile');
  await remoteOf(dataDir, hub);
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['["before"]', '["meanwhile"]']);
});

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'C3: what a process had in hand when it got %s is handed to others, marked as redelivered',
  { timeout: 40_000 },
  async (signal) => {
    const { dataDir, hub, path } = await hostBus();
    await remoteOf(dataDir, hub);
    const script = fileURLToPath(new URL('../testing/remote-consumer.ts', import.meta.url));
    const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    await expect.poll(() => output, { timeout: 10_000 }).toBe('ready\n');
    await publish(hub, 0, 'in hand');
    await expect.poll(() => output, { timeout: 5_000 }).toBe('ready\n["in hand"]\n');
    const seen: [string, boolean][] = [];
    await using consumer = hub.consume({
      topic: CONVERSATION_TOPIC,
      group: 'workers',
      handle: async (batch) =>
        void seen.push(...batch.map(({ body, redelivered }): [string, boolean] => [body, redelivered])),
    });
    expect(consumer).toBeDefined();
    child.kill(signal);
    const struck = performance.now();
    await expect.poll(() => seen, { timeout: 15_000 }).toEqual([['["in hand"]', true]]);
    const took = performance.now() - struck;
    if (signal === 'SIGSTOP') expect(took).toBeGreaterThan(5_000);
    else expect(took).toBeLessThan(3_000);
  },
);

test('C3: what cannot be written to the host fails its own call for good, and no other of the same turn', async () => {
  const { dataDir, hub } = await hostBus();
  const { subject: remote } = await remoteOf(dataDir, hub);
  let deep: unknown = 1;
  for (let depth = 0; depth < 50_000; depth++) deep = [deep];
  const claim = { messageId: 'm', deep } as never;
  const outcomes = await Promise.allSettled([
    remote.bus.ping(),
    remote.dedupHints.claim([claim], 1_000),
    remote.bus.ping(),
    publish(hub, 0, 'after'),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'unprocessable', retry: 'never' } });
});

test('C3: an answer that cannot be written back is an error of its own call', async () => {
  const { dataDir, hub } = await hostBus();
  const { subject: remote } = await remoteOf(dataDir, hub);
  let deep: unknown = 1;
  for (let depth = 0; depth < 50_000; depth++) deep = [deep];
  hub.deadLetters = async () => [deep] as never;
  const asked = remote.bus.deadLetters(CONVERSATION_TOPIC, 'g', 1);
  await expect(asked).rejects.toMatchObject({ code: 'unprocessable' });
  await remote.bus.ping();
});
