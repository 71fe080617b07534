import { setTimeout as pause } from 'node:timers/promises';
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import type { BusDelivery } from '@chasqui/ports';
import { expect, onTestFinished, test } from 'vitest';
import { PACE_MS } from './consumer/lane.ts';
import { open, ownConfig, setUp, tearDown } from './testing/installation.ts';

const COUNT = 100;

async function openBus() {
  const config = ownConfig({ shards: 1 });
  await setUp(config);
  const { bus, ...engines } = await open(config);
  onTestFinished(async () => {
    await engines[Symbol.asyncDispose]();
    await tearDown(config);
  });
  const publish = (n: number) => bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: `[${n}]` });
  const consume = (handle: (batch: readonly BusDelivery[]) => void) =>
    bus.consume({ topic: CONVERSATION_TOPIC, group: 'first', handle: async (batch) => handle(batch) });
  return { bus, publish, consume };
}

test('what a shard gets within the pace is one batch', { timeout: 60_000 }, async () => {
  const { publish, consume } = await openBus();
  const batches: number[] = [];
  const times: number[] = [];
  consume((batch) => {
    batches.push(batch.length);
    times.push(performance.now());
  });
  const published: Promise<void>[] = [];
  for (let n = 0; n < COUNT; n++) {
    published.push(publish(n));
    await pause(2);
  }
  await Promise.all(published);
  await expect.poll(() => batches.reduce((sum, count) => sum + count, 0), { timeout: 20_000 }).toBe(COUNT);
  const elapsed = (times.at(-1) ?? 0) - (times[0] ?? 0);
  // A timer may be early by a fraction of a millisecond. The first batch waits for no beat, and the next one for half a pace at least.
  expect(batches.length).toBeLessThanOrEqual(2 + elapsed / (PACE_MS - 1));
});

test('a member that leaves acks what it has handled: nothing comes again', { timeout: 60_000 }, async () => {
  const { bus, publish, consume } = await openBus();
  let handled = 0;
  const first = consume((batch) => {
    handled += batch.length;
  });
  for (let n = 0; n < 5; n++) await publish(n);
  await expect.poll(() => handled, { timeout: 20_000 }).toBe(5);
  await first[Symbol.asyncDispose]();
  const seen: string[] = [];
  consume((batch) => {
    seen.push(...batch.map(({ body }) => body));
  });
  await publish(5);
  await expect.poll(() => seen, { timeout: 20_000 }).toEqual(['[5]']);
  expect(await bus.lag(CONVERSATION_TOPIC, 'first')).toEqual([]);
});
