import { MAX_JSON_DEPTH } from '@chasqui/domain';
import type { Subprotocol } from '@chasqui/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { nested, spoiled, VALID, wrecked } from './frame-fuzz.ts';
import { RawSocket } from './raw-socket.ts';

/** The longest delay allowed for an honest pair, beyond this machine's usual times, ms. */
const BOUND_MS = 1_000;
/** Factor over the time on an idle machine: other programs may be using it. */
const SLOWER = 20;

let cluster: TestCluster;
let ann: RawSocket;
let bob: RawSocket;
let quietMs = 0;
let sent = 0;

beforeAll(async () => {
  cluster = await startTestCluster({ env: { CHASQUI_TRUST_PROXY: '1' } });
  ann = await RawSocket.loggedIn(url(1), await cluster.token('ann'), 'd');
  bob = await RawSocket.loggedIn(url(2), await cluster.token('bob'), 'd');
  for (let n = 0; n < 5; n++) quietMs = Math.max(quietMs, await nextMessage());
}, 60_000);

afterAll(async () => {
  for (const socket of [ann, bob]) socket[Symbol.dispose]();
  await cluster[Symbol.asyncDispose]();
});

function url(node: number): string {
  return cluster.running.connect[node - 1]?.wsUrl ?? '';
}

/** Sends a message; the time until it was stored and delivered, in ms. */
async function nextMessage(): Promise<number> {
  const clientMessageId = `honest-${++sent}`;
  const began = performance.now();
  ann.send({ type: 'chat', clientMessageId, to: 'bob', content: { text: 'hello' } });
  await Promise.all([
    ann.next('server_ack', (frame) => frame.clientMessageId === clientMessageId),
    bob.next('chat', (frame) => frame.clientMessageId === clientMessageId),
  ]);
  const ms = performance.now() - began;
  ann.frames.length = 0;
  bob.frames.length = 0;
  return ms;
}

/** The frames of one session, in either encoding, and whether it logs in first. */
interface Attack {
  subprotocol: Subprotocol;
  logsIn: boolean;
  frames: (string | Uint8Array)[];
}

/** A valid message to one of the pair, as deep or as long as is allowed: it is stored and delivered. */
const heavy = fc
  .record({ depth: fc.integer({ min: 1, max: MAX_JSON_DEPTH + 2 }), length: fc.constantFrom(0, 1_000, 30_000) })
  .map(({ depth, length }) => {
    const data = `${'{"a":'.repeat(depth)}"${'x'.repeat(length)}"${'}'.repeat(depth)}`;
    return JSON.stringify({
      ...VALID.chat,
      to: 'bob',
      clientMessageId: `h${depth}-${length}`,
      content: { data: 0 },
    }).replace('"data":0', `"data":${data}`);
  });

const hostile: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: spoiled.map((frame) => nested(JSON.stringify(frame))) },
  { weight: 4, arbitrary: wrecked },
  { weight: 2, arbitrary: heavy },
  { weight: 1, arbitrary: fc.string({ maxLength: 500 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 500 }) },
  { weight: 1, arbitrary: fc.constantFrom(...Object.values(VALID)).map((frame) => JSON.stringify(frame)) },
);

const attack: fc.Arbitrary<Attack> = fc.record({
  subprotocol: fc.constantFrom('chasqui.v1.json', 'chasqui.v1.msgpack'),
  logsIn: fc.boolean(),
  frames: fc.array(hostile, { minLength: 1, maxLength: 60 }),
});

test('C3, C16: whatever one session sends, an honest pair’s next message is stored and delivered within a second', async () => {
  const token = await cluster.token('mallory');
  let device = 0;
  await fc.assert(
    fc.asyncProperty(attack, async ({ subprotocol, logsIn, frames }) => {
      // Each from a separate address: limits for each address are tested elsewhere.
      const from = { 'x-forwarded-for': `203.0.113.${device % 250}` };
      using mallory = await RawSocket.open(url(1 + (device % 2)), from, subprotocol);
      if (logsIn) {
        mallory.send({ type: 'login', token, deviceId: `m${device}` });
        await Promise.race([mallory.next('login_ok'), mallory.closed()]);
      }
      device++;
      for (const frame of frames) mallory.send(frame);
      const ms = await nextMessage();
      expect(ms).toBeLessThan(BOUND_MS + SLOWER * quietMs);
    }),
    { numRuns: 60, interruptAfterTimeLimit: 60_000 },
  );
  // The server process has not been restarted.
  expect(await nextMessage()).toBeLessThan(BOUND_MS + SLOWER * quietMs);
}, 120_000);
