import { createManualClock } from '@chasqui/contracts';
import { DEFAULT_LIMITS, ImError } from '@chasqui/domain';
import { createMemoryBus } from '@chasqui/memory';
import { expect, test } from 'vitest';
import { until } from '../journeys/devices.ts';
import { MemoryConnection, memoryNode } from './memory-node.ts';

const kinds = (connection: MemoryConnection) => connection.frames.map(({ type }) => type);
const typing = (from: string) => JSON.stringify({ type: 'typing', conversationId: 'ann~bob', from, active: true });

/** A push of a message whose data is nested this deep. */
function deepChat(levels: number): string {
  const data = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const ids = {
    messageId: 'm',
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'x',
    to: 'bob',
    clientMessageId: 'c',
  };
  return JSON.stringify({ type: 'chat', ...ids, kind: 'c2c', content: { data: 0 }, sentAt: 1 }).replace(
    '"data":0',
    `"data":${data}`,
  );
}

test.each([1_500, 1_750, 2_000, 20_000, 100_000])(
  'C16: a push that nests %i deep costs a MessagePack device that delivery at most, and nobody else anything',
  async (levels) => {
    const node = memoryNode({});
    const packed = await MemoryConnection.loggedIn(node, 'bob', 'packed', 'bob', 'chasqui.v1.msgpack');
    const plain = await MemoryConnection.loggedIn(node, 'bob', 'plain');
    const other = await MemoryConnection.loggedIn(node, 'cid');
    const counts = node.deliver([
      { userId: 'bob', frame: deepChat(levels) },
      { userId: 'cid', frame: typing('ann') },
      { userId: 'bob', frame: typing('ann') },
    ]);
    expect(counts.slice(1)).toEqual([1, 2]);
    expect(counts[0]).toBeGreaterThanOrEqual(1);
    expect(kinds(packed).at(-1)).toBe('typing');
    expect(kinds(plain).slice(-2)).toEqual(['chat', 'typing']);
    expect(kinds(other).at(-1)).toBe('typing');
  },
);

test('C16: an encoder or a socket that throws costs that delivery alone', async () => {
  const node = memoryNode({});
  const [packed, plain] = [
    await MemoryConnection.loggedIn(node, 'bob', 'packed', 'bob', 'chasqui.v1.msgpack'),
    await MemoryConnection.loggedIn(node, 'bob', 'plain'),
  ];
  // Packing a message requires parsing it first.
  expect(
    node.deliver([
      { userId: 'bob', frame: 'no JSON' },
      { userId: 'bob', frame: typing('ann') },
    ]),
  ).toEqual([0, 2]);
  const { send } = plain;
  plain.send = () => {
    throw new TypeError('a fault of the engine');
  };
  expect(node.deliver([{ userId: 'bob', frame: typing('ann') }])).toEqual([1]);
  plain.send = send.bind(plain);
  expect(node.deliver([{ userId: 'bob', frame: typing('ann') }])).toEqual([2]);
  expect(kinds(packed).filter((type) => type === 'typing')).toHaveLength(3);
});

test('C9: a round of the node that fails is followed by the next', async () => {
  const clock = createManualClock();
  const node = memoryNode({ clock });
  await node.start();
  const bob = await MemoryConnection.loggedIn(node, 'bob');
  const { end } = bob;
  bob.end = () => {
    throw new TypeError('a fault of the engine');
  };
  await clock.advance(DEFAULT_LIMITS.heartbeatMs * 3).catch(() => {});
  bob.end = end.bind(bob);
  await clock.advance(5_000);
  expect(bob.closeCode).toBe(4001);
});

test('C15: what the node cannot even refuse ends that connection', async () => {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock, random: () => 0.5, shards: 1 });
  bus.publish = () => Promise.reject(new ImError('bus_unavailable', 'away'));
  const node = memoryNode({ clock, bus });
  const bob = await MemoryConnection.loggedIn(node, 'bob');
  bob.send = () => {
    throw new TypeError('a fault of the engine');
  };
  bob.write({ type: 'ack', conversationId: 'ann~bob', messageIds: ['0'.repeat(24)], state: 'delivered' });
  await until(() => bob.closeCode !== undefined, 'a close');
  expect(bob.closeCode).toBe(4004);
});
