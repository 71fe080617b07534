import { ImError } from '@chasqui/domain';
import type { BusDelivery } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { type BusHarness, busFixture, eventsOf, poison, TOPIC } from './message-bus-fixture.ts';

export function retryTests(harness: BusHarness): void {
  const { subject, publish, consume, until } = busFixture(harness);

  test('a failed message comes again after a growing back-off, marked as redelivered, and is never given up', async () => {
    const attempts: { at: number; redelivered: boolean | undefined }[] = [];
    let done = false;
    consume(async ([delivery]) => {
      attempts.push({ at: harness.clock.monotonic(), redelivered: delivery?.redelivered });
      if (attempts.length <= 5) throw new ImError('store_unavailable', 'the store is away');
      done = true;
    });
    await publish(0, 'x');
    await until('done', () => done, 60_000);
    expect(attempts.map(({ redelivered }) => redelivered)).toEqual([false, true, true, true, true, true]);
    const gaps = attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0));
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(90);
      expect(gap).toBeLessThan(12_000);
    }
    expect(gaps[4]).toBeGreaterThan(gaps[0] ?? 0);
    expect(await subject.current.deadLetters(TOPIC, 'first', 10)).toEqual([]);
  });

  test('the back-off of one trouble is forgotten once it is over', async () => {
    const failuresLeft: Record<string, number> = { a: 4, b: 1 };
    const attempts: number[] = [];
    let done = 0;
    consume(async (batch) => {
      const [event] = eventsOf(batch);
      if (event === 'b') attempts.push(harness.clock.monotonic());
      if ((failuresLeft[String(event)] ?? 0) > 0) {
        failuresLeft[String(event)] = (failuresLeft[String(event)] ?? 0) - 1;
        throw new Error('not now');
      }
      done++;
    });
    await publish(0, 'a');
    await until('a is done', () => done === 1);
    await publish(0, 'b');
    await until('b is done', () => done === 2);
    expect((attempts[1] ?? 0) - (attempts[0] ?? 0)).toBeLessThan(1_500);
  });

  test('a message that can never succeed goes to the dead letters, and the next ones go on', async () => {
    const done: (string | number)[] = [];
    consume(
      async (batch) => {
        if (eventsOf(batch).some((event) => String(event).startsWith('bad'))) throw poison();
        done.push(...eventsOf(batch));
      },
      { maxBatch: 1 },
    );
    await publish(4, 'bad 1', 'good', 'bad 2', 'better');
    await until('the good ones', () => done.length === 2);
    expect(done).toEqual(['good', 'better']);
    await until('dead letters', async () => (await subject.current.deadLetters(TOPIC, 'first', 10)).length === 2);
    const dead = await subject.current.deadLetters(TOPIC, 'first', 10);
    expect(eventsOf(dead)).toEqual(['bad 2', 'bad 1']);
    expect(dead[0]).toMatchObject({ topic: TOPIC, shard: 4, group: 'first', error: expect.stringMatching(/never/) });
    expect(Math.abs((dead[0]?.at ?? 0) - harness.clock.now())).toBeLessThan(10_000);
    expect(eventsOf(await subject.current.deadLetters(TOPIC, 'first', 1))).toEqual(['bad 2']);
    expect(await subject.current.deadLetters(TOPIC, 'second', 10)).toEqual([]);
    await until('nothing waits', async () => (await subject.current.lag(TOPIC, 'first')).length === 0);
  });

  test('a batch in which something can never succeed is redelivered singly: only the culprit is a dead letter', async () => {
    const batches: BusDelivery[][] = [];
    const done: (string | number)[] = [];
    await publish(0, 0, 1, 2, 3, 4, 5);
    consume(async (batch) => {
      batches.push([...batch]);
      if (eventsOf(batch).includes(3)) throw poison();
      done.push(...eventsOf(batch));
    });
    await until('all but one', () => done.length >= 5);
    expect(done).toEqual([0, 1, 2, 4, 5]);
    await until('dead letters', async () => (await subject.current.deadLetters(TOPIC, 'first', 10)).length > 0);
    expect(eventsOf(await subject.current.deadLetters(TOPIC, 'first', 10))).toEqual([3]);
    const failed = batches.findIndex((batch) => eventsOf(batch).includes(3));
    const members = new Set(eventsOf(batches[failed] ?? []));
    if (members.size > 1) {
      const again = batches.slice(failed + 1).filter((batch) => eventsOf(batch).some((event) => members.has(event)));
      expect(again.map((batch) => batch.length)).toEqual([...members].map(() => 1));
      expect(again.every(([delivery]) => delivery?.redelivered)).toBe(true);
    }
  });
}
