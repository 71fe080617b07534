import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BusHarness, busFixture, eventOf, eventsOf, poison } from './message-bus-fixture.ts';

export function orderTests(harness: BusHarness): void {
  const { subject, publish, consume, gate, until } = busFixture(harness);

  test('C5: what is published after another publish resolved is delivered after it', async () => {
    const seen: (string | number)[] = [];
    consume(async (batch) => void seen.push(...eventsOf(batch)));
    const events = Array.from({ length: 60 }, (_, i) => i);
    await publish(0, ...events);
    await until('all', () => seen.length >= 60);
    expect(seen).toEqual(events);
  });

  test('C5: nothing of a shard overtakes what failed', async () => {
    const done: (string | number)[] = [];
    let failures = 3;
    consume(
      async (batch) => {
        if (eventsOf(batch).includes(4) && failures-- > 0) throw new Error('not now');
        done.push(...eventsOf(batch));
      },
      { maxBatch: 2 },
    );
    const events = Array.from({ length: 10 }, (_, i) => i);
    await publish(0, ...events);
    await until('all', () => done.length >= 10);
    expect(done).toEqual(events);
  });

  test('a shard whose handler is slow, or fails again and again, does not hold up the others', async () => {
    const slow = gate();
    const seen = new Set<string | number>();
    consume(async (batch) => {
      const [first] = batch;
      if (first?.shard === 0) await slow.opened;
      if (first?.shard === 1) throw new Error('never in this test');
      for (const event of eventsOf(batch)) seen.add(event);
    });
    await publish(0, 'slow');
    await publish(1, 'failing');
    for (let shard = 2; shard < 8; shard++) await publish(shard, `a${shard}`, `b${shard}`);
    await until('the other shards are done', () => seen.size === 12);
    slow.open();
    await until('the slow one is done', () => seen.has('slow'));
  });

  test('C3, C5: whatever fails how often, every message is done or a dead letter, in publish order per shard', async () => {
    const message = fc.record({
      shard: fc.nat({ max: 2 }),
      failures: fc.constantFrom(0, 0, 0, 1, 2),
      poisoned: fc.constantFrom(false, false, false, true),
    });
    const plan = fc.record({
      messages: fc.array(message, { minLength: 1, maxLength: 14 }),
      maxBatch: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ messages, maxBatch }) => {
        const bus = await subject.fresh();
        const failuresLeft: number[] = messages.map(({ failures }) => failures);
        const inRow: number[] = [];
        const done: number[] = [];
        consume(
          async (batch) => {
            const indices = batch.map(eventOf).map(Number);
            const failing = indices.find((index) => (failuresLeft[index] ?? 0) > 0);
            const shard = batch[0]?.shard ?? 0;
            // At most three failures in a row, or the back-off would take minutes.
            if (failing !== undefined && (inRow[shard] ?? 0) < 3) {
              inRow[shard] = (inRow[shard] ?? 0) + 1;
              failuresLeft[failing] = (failuresLeft[failing] ?? 0) - 1;
              throw new Error('not now');
            }
            inRow[shard] = 0;
            if (indices.some((index) => messages[index]?.poisoned)) throw poison();
            done.push(...indices);
          },
          { maxBatch },
        );
        for (const [index, { shard }] of messages.entries()) await publish(shard, index);
        await until('nothing waits', async () => (await bus.lag('conversation', 'first')).length === 0, 60_000);
        const dead = await bus.deadLetters('conversation', 'first', 100);
        const all = [...messages.keys()];
        expect(
          dead
            .map(eventOf)
            .map(Number)
            .sort((a, b) => a - b),
        ).toEqual(all.filter((i) => messages[i]?.poisoned));
        for (const shard of [0, 1, 2]) {
          const ofShard = all.filter((i) => messages[i]?.shard === shard && !messages[i]?.poisoned);
          expect(done.filter((i) => messages[i]?.shard === shard)).toEqual(ofShard);
        }
      }),
      { numRuns: harness.propertyRuns ?? 30 },
    );
  });
}
