import type { BusDelivery } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { type BusHarness, busFixture, eventsOf, SHARDS, TOPIC } from './message-bus-fixture.ts';

export function deliveryTests(harness: BusHarness): void {
  const { subject, publish, consume, gate, until } = busFixture(harness);

  test('a published message reaches its consumer as it was, as a first delivery', async () => {
    const seen: BusDelivery[] = [];
    const before = harness.clock.now();
    consume(async (batch) => void seen.push(...batch));
    await publish(3, '你好 👋 "quoted"');
    await until('one delivery', () => seen.length === 1);
    expect(seen[0]).toMatchObject({ topic: TOPIC, shard: 3, body: '["你好 👋 \\"quoted\\""]', redelivered: false });
    expect(Math.abs((seen[0]?.publishedAt ?? 0) - before)).toBeLessThan(5_000);
    await harness.advance(300);
    expect(seen).toHaveLength(1);
  });

  test('ids are unique within a shard', async () => {
    const ids: string[] = [];
    consume(async (batch) => void ids.push(...batch.map((delivery) => delivery.id)));
    await publish(0, ...Array.from({ length: 30 }, (_, i) => i));
    await until('all deliveries', () => ids.length >= 30);
    expect(new Set(ids).size).toBe(30);
  });

  test('C5: a batch is of one shard, in publish order, and no larger than asked for', async () => {
    for (let i = 0; i < 12; i++) {
      await publish(0, i);
      await publish(1, i);
    }
    const batches: BusDelivery[][] = [];
    consume(async (batch) => void batches.push([...batch]), { maxBatch: 5 });
    await until('all deliveries', () => batches.flat().length >= 24);
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(5);
      expect(new Set(batch.map((delivery) => delivery.shard)).size).toBe(1);
    }
    for (const shard of [0, 1]) {
      const ofShard = batches.flat().filter((delivery) => delivery.shard === shard);
      expect(eventsOf(ofShard)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    }
  });

  test('a delayed message comes when its time has come; one published after it is not held up', async () => {
    const seen = new Map<string | number, number>();
    consume(async (batch) => {
      for (const event of eventsOf(batch)) seen.set(event, harness.clock.monotonic());
    });
    const start = harness.clock.monotonic();
    await subject.current.publish({ topic: TOPIC, shard: 0, body: '["later"]', delayMs: 400 });
    await publish(0, 'now');
    await until('both', () => seen.size === 2);
    expect([...seen.keys()]).toEqual(['now', 'later']);
    expect((seen.get('later') ?? 0) - start).toBeGreaterThanOrEqual(395);
  });

  test('lag counts what is published and not done, per shard, and its age', async () => {
    const { opened, open } = gate();
    const seen: BusDelivery[] = [];
    consume(async (batch) => {
      seen.push(...batch);
      await opened;
    });
    await publish(2, 'a', 'b', 'c');
    await publish(5, 'd');
    await until('handlers run', () => new Set(seen.map((delivery) => delivery.shard)).size === 2);
    await harness.advance(60);
    const lag = await subject.current.lag(TOPIC, 'first');
    expect(lag.map(({ shard, waiting }) => ({ shard, waiting })).sort((a, b) => a.shard - b.shard)).toEqual([
      { shard: 2, waiting: 3 },
      { shard: 5, waiting: 1 },
    ]);
    for (const { oldestMs } of lag) expect(oldestMs).toBeGreaterThanOrEqual(50);
    open();
    await until('nothing waits', async () => (await subject.current.lag(TOPIC, 'first')).length === 0);
  });

  test('the shard count is fixed, and a healthy bus answers', async () => {
    expect(subject.current.shards(TOPIC)).toBeGreaterThanOrEqual(SHARDS);
    await subject.current.ping();
  });
}
