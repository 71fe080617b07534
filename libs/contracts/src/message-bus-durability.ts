import type { BusDelivery } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { type BusHarness, busFixture, eventsOf, poison, TOPIC } from './message-bus-fixture.ts';

export function durabilityTests(harness: BusHarness): void {
  const { subject, publish, consume, gate, until } = busFixture(harness);

  test('C1: what publish has resolved survives a kill, in order, also what was delayed', async () => {
    await subject.current.publish({ topic: TOPIC, shard: 0, body: '["delayed"]', delayMs: 500 });
    await publish(0, 1, 2, 3);
    await publish(7, 'other shard');
    await subject.reopen();
    const seen: BusDelivery[] = [];
    consume(async (batch) => void seen.push(...batch));
    await publish(0, 4);
    await until('all', () => seen.length >= 6);
    const events = eventsOf(seen);
    expect(events.filter((event) => typeof event === 'number')).toEqual([1, 2, 3, 4]);
    expect(events.filter((event) => typeof event === 'string').sort()).toEqual(['delayed', 'other shard']);
  });

  test('C3: what was in hand at a kill comes again marked as redelivered; what was never handed out is not', async () => {
    const { opened } = gate();
    let inHand = 0;
    consume(
      async (batch) => {
        inHand += batch.length;
        await opened;
      },
      { maxBatch: 1 },
    );
    await publish(0, 'in hand');
    await until('in hand', () => inHand === 1);
    await subject.reopen();
    await publish(1, 'new');
    const seen = new Map<string | number, boolean>();
    consume(async (batch) => {
      for (const delivery of batch) seen.set(eventsOf([delivery])[0] ?? '', delivery.redelivered);
    });
    await until('both', () => seen.size === 2);
    expect(seen.get('in hand')).toBe(true);
    expect(seen.get('new')).toBe(false);
  });

  test('dead letters survive a kill', async () => {
    consume(async () => {
      throw poison();
    });
    await publish(0, 'bad');
    await until('a dead letter', async () => (await subject.current.deadLetters(TOPIC, 'first', 10)).length === 1);
    await subject.reopen();
    expect(eventsOf(await subject.current.deadLetters(TOPIC, 'first', 10))).toEqual(['bad']);
  });
}
