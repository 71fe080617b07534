import { survives } from '@chasqui/contracts';
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import type { MessageBus } from '@chasqui/ports';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  freezeEngine,
  killEngine,
  restartEngine,
  startEngine,
  thawEngine,
} from '../../../../deploy/engines/control.ts';
import { rabbitmqctl } from '../../../../deploy/engines/rabbitmq.ts';
import { open, ownConfig, setUp, tearDown } from './testing/installation.ts';

const SHARDS = 4;
const config = ownConfig({ shards: SHARDS, publishDeadlineMs: 2_000 });
const until = (what: () => void | Promise<void>, timeout = 60_000) => vi.waitFor(what, { timeout, interval: 50 });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/**
 * RabbitMQ 3.10 writes the names of new queues to disk now and then: one that is killed within a second of their making
 * comes back with a queue that has no leader (docs/adr/0059-rabbitmq.md).
 */
const QUEUES_SETTLE_MS = 2_500;
/** RabbitMQ's own default, as a part of all memory. */
const HIGH_WATERMARK = '0.4';

beforeAll(async () => {
  await startEngine('rabbitmq');
  await setUp(config);
  await wait(QUEUES_SETTLE_MS);
});
afterAll(async () => {
  await startEngine('rabbitmq');
  // One that deletes queues that move messages, while it starts what moves them, makes no more of them.
  await wait(QUEUES_SETTLE_MS);
  await tearDown(config);
});

describe('RabbitMQ is away for a while', { timeout: 150_000 }, () => {
  let engines: Awaited<ReturnType<typeof open>>;
  let bus: MessageBus;

  beforeEach(async () => {
    engines = await open(config);
    bus = engines.bus;
  });
  afterEach(async () => {
    await engines[Symbol.asyncDispose]();
  });

  test('C1, C12: killed and started again, it lost nothing that was acked; meanwhile publishing fails in time', async () => {
    const { refusals, slowestRefusalMs } = await survives(bus, SHARDS, async (traffic) => {
      await killEngine('rabbitmq');
      await until(() => expect(traffic.refusals.length).toBeGreaterThan(SHARDS));
      await startEngine('rabbitmq');
    });
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['bus_unavailable']));
    expect(slowestRefusalMs).toBeLessThan(config.publishDeadlineMs + 500);
  });

  test('C1, C12: it stands still for 12 s and goes on: nothing that was acked is lost', async () => {
    const { refusals, slowestRefusalMs } = await survives(bus, SHARDS, async () => {
      freezeEngine('rabbitmq');
      await wait(12_000);
      thawEngine('rabbitmq');
    });
    expect(refusals.length).toBeGreaterThan(SHARDS);
    expect(slowestRefusalMs).toBeLessThan(config.publishDeadlineMs + 500);
  });

  test('C1, C12: restarted in good order, it lost nothing that was acked', async () => {
    const { refusals } = await survives(bus, SHARDS, () => restartEngine('rabbitmq'));
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['bus_unavailable']));
  });

  test('short of memory it takes no messages: publishes are refused as overloaded at once, what is there is consumed', async () => {
    const { refusals } = await survives(bus, SHARDS, async (traffic) => {
      await rabbitmqctl(['set_vm_memory_high_watermark', '0.0001']);
      try {
        await until(() => expect(traffic.refusals.at(-1)?.code).toBe('overloaded'));
        await expect(bus.ping()).rejects.toMatchObject({
          code: 'bus_unavailable',
          message: expect.stringMatching(/memory/),
        });
        const started = performance.now();
        await expect(
          bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[{"event":-1,"tries":0}]' }),
        ).rejects.toMatchObject({ code: 'overloaded' });
        expect(performance.now() - started).toBeLessThan(100);
        await until(() => expect(traffic.missing).toBe(0));
      } finally {
        await rabbitmqctl(['set_vm_memory_high_watermark', HIGH_WATERMARK]);
      }
    });
    expect(refusals.length).toBeGreaterThan(0);
    await bus.ping();
  });

  test('C14: a process ends within seconds although the broker is gone; one that starts waits for it', async () => {
    bus.consume({ topic: CONVERSATION_TOPIC, group: 'first', handle: async () => {} });
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[]' });
    await killEngine('rabbitmq');
    const publishing = expect(bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[]' })).rejects.toMatchObject({
      code: 'bus_unavailable',
    });
    await expect(bus.ping()).rejects.toMatchObject({ code: 'bus_unavailable' });
    const started = performance.now();
    await engines[Symbol.asyncDispose]();
    expect(performance.now() - started).toBeLessThan(5_000);
    await publishing;
    await expect(open({ ...config, startDeadlineMs: 1_000 })).rejects.toMatchObject({ code: 'bus_unavailable' });
    const opening = open({ ...config, startDeadlineMs: 120_000 });
    await startEngine('rabbitmq');
    engines = await opening;
    await engines.bus.ping();
  });

  test('C14: a process ends within seconds although the broker stands still', async () => {
    bus.consume({ topic: CONVERSATION_TOPIC, group: 'first', handle: async () => {} });
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[]' });
    freezeEngine('rabbitmq');
    const started = performance.now();
    await engines[Symbol.asyncDispose]();
    expect(performance.now() - started).toBeLessThan(5_000);
    thawEngine('rabbitmq');
  });
});
