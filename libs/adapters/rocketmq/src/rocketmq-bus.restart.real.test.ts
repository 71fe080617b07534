import { survives } from '@chasqui/contracts';
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import type { MessageBus } from '@chasqui/ports';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { freezeEngine, killEngine, startEngine, thawEngine } from '../../../../deploy/engines/control.ts';
import { killProcess } from '../../../../deploy/engines/engine-process.ts';
import { ENGINES_FOLDER } from '../../../../deploy/engines/folders.ts';
import { open, ownConfig, setUp, tearDown } from './testing/installation.ts';

const SHARDS = 4;
const config = ownConfig({ shards: SHARDS, publishDeadlineMs: 2_000 });
const until = (what: () => void | Promise<void>, timeout = 60_000) => vi.waitFor(what, { timeout, interval: 50 });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  await startEngine('rocketmq');
  await setUp(config);
});
afterAll(async () => {
  await startEngine('rocketmq');
  await tearDown(config);
});

describe('RocketMQ is away for a while', { timeout: 150_000 }, () => {
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
      await killEngine('rocketmq');
      await until(() => expect(traffic.refusals.length).toBeGreaterThan(SHARDS));
      await startEngine('rocketmq');
    });
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['bus_unavailable']));
    expect(slowestRefusalMs).toBeLessThan(config.publishDeadlineMs + 500);
  });

  test('C1, C12: it stands still for 12 s and goes on: nothing that was acked is lost', async () => {
    const { refusals, slowestRefusalMs } = await survives(bus, SHARDS, async () => {
      freezeEngine('rocketmq');
      await wait(12_000);
      thawEngine('rocketmq');
    });
    expect(refusals.length).toBeGreaterThan(SHARDS);
    expect(slowestRefusalMs).toBeLessThan(config.publishDeadlineMs + 500);
  });

  test('without its name server all goes on, and its places are remembered', async () => {
    const { refusals } = await survives(bus, SHARDS, async (traffic) => {
      await killProcess(ENGINES_FOLDER, 'rocketmq-namesrv');
      const before = traffic.ackedCount;
      await until(() => expect(traffic.ackedCount).toBeGreaterThan(before + 200));
      await bus.ping();
      await bus.lag(CONVERSATION_TOPIC, 'first');
    });
    await startEngine('rocketmq');
    expect(refusals).toEqual([]);
  });

  test('C14: a process ends within seconds although the engine is gone; one that starts waits for it', async () => {
    bus.consume({ topic: CONVERSATION_TOPIC, group: 'first', handle: async () => {} });
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[]' });
    await killEngine('rocketmq');
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
    await startEngine('rocketmq');
    engines = await opening;
    await engines.bus.ping();
  });
});
