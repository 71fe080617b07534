import { createManualClock, createSamples } from '@chasqui/contracts';
import {
  defined,
  directConversation,
  encodeMessage,
  formatMessageId,
  HybridClock,
  type MessageId,
  timeOf,
} from '@chasqui/domain';
import { createMemoryMessages, createMemoryPresence } from '@chasqui/memory';
import type { ClientFrame, ServerFrame } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { until } from '../journeys/devices.ts';
import { MemoryConnection, memoryNode } from './memory-node.ts';

const MINUTE_MS = 60_000;
const conversationId = directConversation('ann', 'bob');
const idAt = (millis: number): MessageId => formatMessageId({ millis, counter: 0, tag: 5 });

/** A clock whose wall time can be set. */
function settableClock() {
  const manual = createManualClock();
  let offset = 0;
  const clock = { ...manual, now: () => manual.now() + offset };
  const set = (ms: number) => {
    offset += ms;
  };
  return { clock, set };
}

type SendAck = Extract<ServerFrame, { type: 'send_ack' }>;
let sent = 0;

/** Sends a message and returns its id. */
async function send(connection: MemoryConnection, after?: MessageId): Promise<MessageId> {
  const clientMessageId = `m${++sent}`;
  const answer = () =>
    connection.frames.find(
      (frame): frame is SendAck => frame.type === 'send_ack' && frame.clientMessageId === clientMessageId,
    );
  connection.write({
    type: 'chat',
    clientMessageId,
    to: 'bob',
    content: { text: 'hello' },
    ...defined({ after }),
  });
  await until(() => answer() !== undefined, 'a send_ack');
  return answer()?.messageId ?? '';
}

const errorsOf = ({ frames }: MemoryConnection) => frames.filter(({ type }) => type === 'error');

const AHEAD = [1_001, 59_900, 20 * MINUTE_MS, 2 ** 46];
const FRAMES: { [name: string]: (id: MessageId) => ClientFrame } = {
  'ack (delivered)': (id) => ({ type: 'ack', state: 'delivered', conversationId, messageIds: [id] }),
  'ack (read)': (id) => ({ type: 'ack', state: 'read', conversationId, messageIds: [id] }),
  recall: (messageId) => ({ type: 'recall', conversationId, messageId }),
  'chat.after': (after) => ({ type: 'chat', clientMessageId: `f${++sent}`, to: 'bob', content: { text: 'x' }, after }),
};

test.each(Object.keys(FRAMES))(
  'C5, C15: no id in `%s` moves a node’s clock: it stays ready, and ids stay',
  async (name) => {
    const { clock } = settableClock();
    const node = memoryNode({ clock });
    const ann = await MemoryConnection.loggedIn(node, 'ann');
    for (const ms of AHEAD) ann.write(FRAMES[name]?.(idAt(clock.now() + ms)) as ClientFrame);
    const id = await send(ann);
    expect(errorsOf(ann)).toEqual([]);
    expect(timeOf(id)).toBe(clock.now());
    expect([node.notReady(), node.degraded(), node.gauges().clockAheadMs]).toEqual([[], [], 0]);
  },
);

test('C5: the clock is set back by 20 minutes: chats, acks and readiness go on, ids rise, operators are told', async () => {
  const { clock, set } = settableClock();
  const node = memoryNode({ clock });
  const ann = await MemoryConnection.loggedIn(node, 'ann');
  const before = await send(ann);
  set(-20 * MINUTE_MS);
  const answer = await send(ann, before);
  const other = await send(await MemoryConnection.loggedIn(node, 'cyd'));
  ann.write({ type: 'ack', state: 'delivered', conversationId, messageIds: [before] });
  const last = await send(ann);
  expect([before, answer, other, last].toSorted()).toEqual([before, answer, other, last]);
  expect(errorsOf(ann)).toEqual([]);
  expect(node.notReady()).toEqual([]);
  expect(node.degraded()).toEqual(['clock: message ids run 1200 s ahead of it']);
  expect(node.gauges().clockAheadMs).toBe(20 * MINUTE_MS);
  set(20 * MINUTE_MS);
  expect(node.degraded()).toEqual([]);
});

test('C5: another node’s clock is 10 minutes ahead for a while: a sound node goes on, and its ids sort behind', async () => {
  const { clock } = settableClock();
  const node = memoryNode({ clock });
  const ann = await MemoryConnection.loggedIn(node, 'ann');
  const messageId = idAt(clock.now() + 10 * MINUTE_MS);
  const frame = JSON.stringify({ type: 'typing', conversationId, from: 'bob', active: true });
  node.deliver([{ userId: 'ann', frame, watch: { messageId, conversationId } }]);
  expect((await send(ann, messageId)) > messageId).toBe(true);
  expect(errorsOf(ann)).toEqual([]);
  expect(node.notReady()).toEqual([]);
  expect(node.degraded()).toHaveLength(1);
});

test('C5: a node that starts after the clock was set back goes on behind what is stored and what its peers have seen', async () => {
  const { clock } = settableClock();
  const messages = createMemoryMessages();
  const stored = idAt(clock.now() + 20 * MINUTE_MS);
  const message = createSamples(clock).message({ from: 'bob', to: 'ann', messageId: stored });
  await messages.put([{ ...encodeMessage(message), steps: [] }]);
  const { nodes: registry } = createMemoryPresence({ clock });
  const peersIds = new HybridClock({ now: () => clock.now() + 30 * MINUTE_MS, tag: 8 });
  const peer = { nodeId: 'p', wsUrl: 'ws://p', peerAddress: 'p', connections: 0, draining: false, startedAt: 1 };
  for (const [parts, least] of [
    [{ messages, locator: messages }, stored],
    [{ nodes: registry }, peersIds.next()],
  ] as const) {
    await registry.renew({ ...peer, lastId: least }, 60_000);
    const node = memoryNode({ clock, ...parts });
    await node.start();
    expect((await send(await MemoryConnection.loggedIn(node, 'ann'))) > least).toBe(true);
    await node[Symbol.asyncDispose]();
  }
});

test('C11: a node starts though neither the store nor the registry answers', async () => {
  const { clock } = settableClock();
  const away = () => Promise.reject(new Error('away'));
  const { nodes } = createMemoryPresence({ clock });
  const node = memoryNode({ clock, locator: { newest: away }, nodes: { ...nodes, live: away } });
  await node.start();
  expect(timeOf(await send(await MemoryConnection.loggedIn(node, 'ann')))).toBe(clock.now());
  await node[Symbol.asyncDispose]();
});
