import { createManualClock } from '@chasqui/contracts';
import { ImError } from '@chasqui/domain';
import type { BusDelivery, ConsumeOptions } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { createMemoryBus, type MemoryBusOptions } from './bus.ts';

const DAY_MS = 24 * 3600 * 1000;

function setUp(options: Partial<MemoryBusOptions> = {}) {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock, random: () => 0, shards: 2, ...options });
  const publish = (body: string) => bus.publish({ topic: 't', shard: 0, body });
  const seen: BusDelivery[] = [];
  const handle: ConsumeOptions['handle'] = async (batch) => void seen.push(...batch);
  const join = (group = 'g') => bus.consume({ topic: 't', group, handle });
  const bodies = () => seen.map(({ body }) => body);
  return { clock, bus, publish, join, bodies, seen };
}

test('C16: beyond its bytes the bus refuses to publish, until what it holds is done', async () => {
  const { clock, publish, join, bodies } = setUp({ maxBytes: 20 });
  await publish('12345');
  await publish('67890');
  await expect(publish('x')).rejects.toMatchObject({ code: 'overloaded', retry: 'backoff' });
  join();
  await clock.advance(0);
  await publish('x');
  await clock.advance(0);
  expect(bodies()).toEqual(['12345', '67890', 'x']);
});

test('C16: messages without any group are kept for seven days', async () => {
  const { clock, publish, join, bodies } = setUp();
  await publish('old');
  await clock.advance(7 * DAY_MS - 1);
  await publish('young');
  await clock.advance(1);
  await publish('new');
  join();
  await clock.advance(0);
  expect(bodies()).toEqual(['young', 'new']);
});

test('C16: what every group has done is kept for the retention, for a group that comes later', async () => {
  const { clock, publish, join, bodies } = setUp({ retentionMs: 1_000 });
  join('g');
  await publish('a');
  await clock.advance(500);
  join('late');
  await clock.advance(0);
  expect(bodies()).toEqual(['a', 'a']);
  await clock.advance(1_000);
  await publish('b');
  join('later still');
  await clock.advance(0);
  expect(bodies()).toEqual(['a', 'a', 'b', 'b', 'b']);
});

test('C16: dead letters are bounded in number and kept for thirty days', async () => {
  const { clock, bus, publish } = setUp({ maxDeadLetters: 2 });
  const handle = async () => {
    throw new ImError('content_invalid', 'no');
  };
  bus.consume({ topic: 't', group: 'g', maxBatch: 1, handle });
  for (const body of ['1', '2', '3']) await publish(body);
  await clock.advance(0);
  expect((await bus.deadLetters('t', 'g', 10)).map(({ body }) => body)).toEqual(['3', '2']);
  await clock.advance(30 * DAY_MS);
  expect(await bus.deadLetters('t', 'g', 10)).toHaveLength(2);
  await clock.advance(1);
  expect(await bus.deadLetters('t', 'g', 10)).toEqual([]);
});

test('a killed process is not heard any more: its work comes again, and its calls never answer', async () => {
  const { clock, bus, publish, join, seen } = setUp();
  const process = bus.connect();
  const { promise, resolve } = Promise.withResolvers<void>();
  process.consume({ topic: 't', group: 'g', handle: () => promise });
  await publish('a');
  await clock.advance(0);
  process.kill();
  resolve();
  let answered = false;
  void process.publish({ topic: 't', shard: 0, body: 'from the dead' }).then(() => {
    answered = true;
  });
  join();
  await clock.advance(9_999);
  expect(seen).toEqual([]);
  await clock.advance(1);
  expect(seen.map(({ body, redelivered }) => [body, redelivered])).toEqual([['a', true]]);
  expect(answered).toBe(false);
});

test('a shard that the topic does not have is a mistake of the caller', async () => {
  const { bus } = setUp();
  await expect(bus.publish({ topic: 't', shard: 2, body: '[]' })).rejects.toThrow(RangeError);
});
