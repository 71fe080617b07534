import { createManualClock } from '@chasqui/contracts';
import { decodeEvents } from '@chasqui/core';
import type { ConversationEvent, ReceiptEvent } from '@chasqui/domain';
import { DEFAULT_LIMITS, directConversation, formatMessageId } from '@chasqui/domain';
import { createMemoryBus } from '@chasqui/memory';
import { CLOSE_CODES, type ClientFrame, type ServerFrame } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { MemoryConnection, memoryNode } from '../connect/memory-node.ts';
import { until } from '../journeys/devices.ts';

const { workPerSecond, workBurst } = DEFAULT_LIMITS;

/** A node, its clock, and the events that it published on the bus. */
function stage() {
  const clock = createManualClock();
  const events: ConversationEvent[] = [];
  const bus = createMemoryBus({ clock, random: () => 0.5, shards: 1 });
  const listening: typeof bus = {
    ...bus,
    publish: async (publication) => {
      events.push(...(decodeEvents(publication.body) as ConversationEvent[]));
      await bus.publish(publication);
    },
  };
  return { clock, events, node: memoryNode({ clock, bus: listening }) };
}

let invented = 0;
const inventedIds = (now: number, count: number) =>
  Array.from({ length: count }, () => formatMessageId({ millis: now - 60_000, counter: 0, tag: ++invented }));
const ackOfInvented = (now: number): ClientFrame => ({
  type: 'ack',
  state: 'delivered',
  conversationId: directConversation('eve', 'nobody'),
  messageIds: inventedIds(now, 500),
});
const chat = (n: number, text: string, to = 'nobody'): ClientFrame => ({
  type: 'chat',
  clientMessageId: `c${n}`,
  to,
  content: { text },
});

/** The frames of each attack, and how many of them a fresh budget pays for at most. */
const ATTACKS: { [name: string]: { frame: (n: number, now: number) => ClientFrame; most: number } } = {
  'acks of 500 invented ids': { frame: (_, now) => ackOfInvented(now), most: 40 },
  'presence of 200 fresh users': {
    frame: (n) => ({ type: 'presence_subscribe', users: Array.from({ length: 200 }, (_, i) => `u${n}x${i}`) }),
    most: 11,
  },
  'recalls of invented ids': {
    frame: (_, now) => ({
      type: 'recall',
      conversationId: directConversation('eve', 'nobody'),
      messageId: inventedIds(now, 1)[0] ?? '',
    }),
    most: 50,
  },
  'edits of one message, which are applied one after another': {
    frame: (n) => ({
      type: 'action',
      action: 'edit',
      conversationId: directConversation('eve', 'nobody'),
      messageId: '0'.repeat(24),
      content: { text: `${n}` },
    }),
    most: 50,
  },
  'messages of 32 KB': { frame: (n) => chat(n, 'x'.repeat(32_000)), most: 160 },
  'typing to ever new users': { frame: (n) => ({ type: 'typing', to: `u${n}` }), most: 3_000 },
  confirmations: { frame: (n) => ({ type: 'confirm_messages_synced', position: n }), most: 1_000 },
  pings: { frame: () => ({ type: 'ping' }), most: workBurst / 2 },
};

const settled = () => new Promise((resolve) => setImmediate(resolve));
const refusals = ({ frames }: MemoryConnection) => frames.filter(({ type }) => type === 'error');
const isTooFast = (frame: ServerFrame) => frame.type === 'error' && frame.code === 'too_fast';

/** Sends until the first refusal; resolves to the number of accepted frames. */
async function sendUntilRefused(
  sockets: readonly MemoryConnection[],
  frame: (n: number) => ClientFrame,
  most: number,
): Promise<number> {
  for (let n = 0; n <= most; n++) {
    const socket = sockets[n % sockets.length] as MemoryConnection;
    socket.write(frame(n));
    if (n % 50 === 0) await settled();
    if (socket.frames.some(isTooFast)) return n;
  }
  return most + 1;
}

test.each(Object.entries(ATTACKS))(
  'C15, C16: %s: refused once the budget is spent, and nobody else is',
  async (_, attack) => {
    const { node, clock } = stage();
    const eve = await MemoryConnection.loggedIn(node, 'eve');
    const ann = await MemoryConnection.loggedIn(node, 'ann');
    const taken = await sendUntilRefused([eve], (n) => attack.frame(n, clock.now()), attack.most);
    expect(taken).toBeLessThanOrEqual(attack.most);
    expect(refusals(eve).find(isTooFast)).toMatchObject({ retry: 'backoff', retryAfterMs: expect.any(Number) });
    for (let n = 0; n < 100; n++) {
      ann.write({ type: 'ping' });
      ann.write(chat(n, 'hello', 'ben'));
    }
    await settled();
    expect(refusals(ann)).toEqual([]);
    expect(ann.frames.filter(({ type }) => type === 'pong')).toHaveLength(100);
    expect(ann.frames.filter(({ type }) => type === 'send_ack')).toHaveLength(100);
    // Waiting for the refusal's retryAfterMs is enough.
    const { retryAfterMs = 0 } = refusals(eve).find(isTooFast) as { retryAfterMs?: number };
    const before = refusals(eve).length;
    await clock.advance(retryAfterMs + 1_000);
    eve.write({ type: 'ping', ref: 'again' });
    expect(eve.frames.at(-1)).toMatchObject({ type: 'pong', ref: 'again' });
    expect(refusals(eve).length).toBe(before);
  },
);

test('C16: four devices of one user have the budget of one', async () => {
  const alone = stage();
  const one = await sendUntilRefused(
    [await MemoryConnection.loggedIn(alone.node, 'eve')],
    (n) => chat(n, 'x'.repeat(32_000)),
    1_000,
  );
  const { node } = stage();
  const devices: MemoryConnection[] = [];
  for (const device of ['a', 'b', 'c', 'd']) devices.push(await MemoryConnection.loggedIn(node, 'eve', device));
  const four = await sendUntilRefused(devices, (n) => chat(n, 'x'.repeat(32_000)), 1_000);
  // A refusal is noticed at the next round, when the same socket is inspected again.
  expect(four).toBeLessThanOrEqual(one + devices.length);
});

test('C16: acks of invented ids are told to the bus once, as what nobody pushed, and far below what was offered', async () => {
  const { node, events, clock } = stage();
  const eve = await MemoryConnection.loggedIn(node, 'eve');
  for (let n = 0; n < 400 && eve.closeCode === undefined; n++) {
    eve.write(ackOfInvented(clock.now()));
    await settled();
  }
  const receipts = events.filter((event): event is ReceiptEvent => event.type === 'receipt');
  expect(receipts.length).toBeLessThanOrEqual(40);
  expect(receipts.every(({ unseen }) => unseen === true)).toBe(true);
});

test('C7: of an ack, what the node pushed goes to the bus as such, and the rest apart from it', async () => {
  const { node, events, clock } = stage();
  await node.start();
  const ann = await MemoryConnection.loggedIn(node, 'ann');
  const bob = await MemoryConnection.loggedIn(node, 'bob');
  ann.write(chat(1, 'hello', 'bob'));
  await until(() => bob.frames.some(({ type }) => type === 'chat'), 'the message');
  const pushed = bob.frames.find((frame) => frame.type === 'chat')?.messageId ?? '';
  const [other = ''] = inventedIds(clock.now(), 1);
  const conversationId = directConversation('ann', 'bob');
  bob.write({ type: 'ack', state: 'delivered', conversationId, messageIds: [pushed, other] });
  // An acked id still counts as pushed later: a *read* receipt, too, may overtake its message.
  bob.write({ type: 'ack', state: 'read', conversationId, messageIds: [pushed] });
  await settled();
  const receipts = events.filter((event): event is ReceiptEvent => event.type === 'receipt');
  expect(receipts.map(({ state, messageIds, unseen }) => ({ state, messageIds, unseen }))).toEqual([
    { state: 'delivered', messageIds: [pushed], unseen: undefined },
    { state: 'delivered', messageIds: [other], unseen: true },
    { state: 'read', messageIds: [pushed], unseen: undefined },
  ]);
  expect(refusals(bob)).toEqual([]);
});

test('C16: who goes on without a budget is closed, and does not get more by coming back', async () => {
  const { node, clock } = stage();
  const eve = await MemoryConnection.loggedIn(node, 'eve');
  let sent = 0;
  for (; sent < 100_000 && eve.closeCode === undefined; sent++) eve.write({ type: 'ping' });
  expect(eve.closeCode).toBe(CLOSE_CODES.too_fast);
  // No frame is sent to a connection that was closed for a flood.
  const { length } = eve.frames;
  for (let n = 0; n < 100; n++) eve.write({ type: 'ping' });
  expect(eve.frames.length).toBe(length);
  const back = new MemoryConnection(node, 'eve-back');
  back.write({ type: 'login', token: 'eve', deviceId: 'other' });
  await settled();
  expect(back.frames).toMatchObject([{ type: 'error', code: 'overloaded', retryAfterMs: expect.any(Number) }]);
  expect(back.closeCode).toBe(CLOSE_CODES.overloaded);
  await clock.advance((2 * workBurst * 1_000) / workPerSecond);
  await MemoryConnection.loggedIn(node, 'eve');
});

test('C16: an address whose connections do not log in is refused before its frames are read; another is not', async () => {
  const { node, clock } = stage();
  let closed = 0;
  for (let n = 0; n < 2_000 && closed === 0; n++) {
    const stranger = new MemoryConnection(node, `stranger-${n}`, '192.0.2.1');
    if (stranger.closeCode === CLOSE_CODES.overloaded) closed++;
    else stranger.write({ type: 'ping' });
  }
  expect(closed).toBe(1);
  const other = new MemoryConnection(node, 'other', '192.0.2.2');
  other.write({ type: 'login', token: 'ann', deviceId: 'phone' });
  await settled();
  expect(other.frames).toMatchObject([{ type: 'login_ok' }]);
  // One failed log-in a second is allowed by now: only the work budget is left to refuse.
  await clock.advance(120_000);
  expect(new MemoryConnection(node, 'later', '192.0.2.1').closeCode).toBeUndefined();
});
