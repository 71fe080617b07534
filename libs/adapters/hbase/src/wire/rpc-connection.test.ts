import { createManualClock, type ManualClock } from '@chasqui/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeRegionServer, type Fate } from '../testing/fake-region-server.ts';
import { RpcConnection } from './rpc-connection.ts';

let server: FakeRegionServer;
let connection: RpcConnection;
let clock: ManualClock;
let fate: Fate;

beforeEach(async () => {
  fate = 'answer';
  clock = createManualClock();
  server = new FakeRegionServer({ fate: () => fate, answer: (_, request) => request });
  const [host = '', port] = (await server.listen()).split(':');
  const options = { host, port: Number(port), service: 'ClientService', user: 'u', connectTimeoutMs: 1_000 } as const;
  connection = await RpcConnection.open({ ...options, clock });
});

afterEach(async () => {
  connection.close();
  await server[Symbol.asyncDispose]();
});

const echo = (text: string) => ({
  method: 'Echo',
  request: Buffer.from(text),
  decode: (reply: Buffer) => reply.toString(),
});

/** A call that gets no answer before its timeout. */
async function inVain(timeoutMs: number): Promise<void> {
  fate = 'silence';
  const failed = expect(connection.call(echo('x'), timeoutMs)).rejects.toMatchObject({ kind: 'lost' });
  await clock.advance(timeoutMs);
  await failed;
}

test('any number of calls are open at a time, and each gets its own answer', async () => {
  const texts = Array.from({ length: 50 }, (_, i) => `text ${i}`);
  expect(await Promise.all(texts.map((text) => connection.call(echo(text), 1_000)))).toEqual(texts);
  expect(server.mostOpen).toBeGreaterThan(1);
});

test('a call that is slow costs the others nothing', async () => {
  await inVain(4_000);
  expect(connection.closed).toBe(false);
  fate = 'answer';
  expect(await connection.call(echo('still here'), 1_000)).toBe('still here');
});

test('a server that is not heard of for long is given up, whether calls come thick or thin', async () => {
  for (let waited = 0; waited < 12_000; waited += 4_000) {
    expect(connection.closed).toBe(false);
    await inVain(4_000);
  }
  expect(connection.closed).toBe(true);
  await expect(connection.call(echo('x'), 1_000)).rejects.toMatchObject({ kind: 'lost' });
});

test('a connection that nobody used for long is not given up for that', async () => {
  expect(await connection.call(echo('a'), 1_000)).toBe('a');
  await clock.advance(3_600_000);
  await inVain(4_000);
  expect(connection.closed).toBe(false);
});

test('an answer that cannot be read fails its call alone', async () => {
  const unreadable = { ...echo('x'), decode: () => JSON.parse('{') as string };
  await expect(connection.call(unreadable, 1_000)).rejects.toMatchObject({ reason: 'MalformedReply' });
  expect(await connection.call(echo('b'), 1_000)).toBe('b');
});

test('a connection that ends fails what is open on it, at once', async () => {
  fate = 'silence';
  const failed = expect(connection.call(echo('x'), 60_000)).rejects.toMatchObject({ kind: 'lost' });
  const ended = new Promise<void>((resolve) => connection.onClose(resolve));
  server.disconnect();
  await Promise.all([failed, ended]);
});
