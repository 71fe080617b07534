import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Relay } from '@chasqui/contracts';
import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import type { BusDelivery } from '@chasqui/ports';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RocketmqConfig } from './config.ts';
import { textOf } from './endpoints.ts';
import { namesOf } from './names.ts';
import { Broker } from './remoting/broker.ts';
import { Cluster } from './remoting/cluster.ts';
import { open, ownConfig, setUp, tearDown } from './testing/installation.ts';

const until = (what: () => void | Promise<void>, timeout = 30_000) => vi.waitFor(what, { timeout, interval: 50 });
const eventsOf = (deliveries: readonly BusDelivery[]) =>
  deliveries.flatMap(({ body }) => JSON.parse(body) as unknown[]);

describe('the bus on RocketMQ', { timeout: 60_000 }, () => {
  const spent: RocketmqConfig[] = [];
  let config: RocketmqConfig;
  let owned: AsyncDisposableStack;

  beforeEach(() => {
    config = ownConfig();
    spent.push(config);
    owned = new AsyncDisposableStack();
  });
  afterEach(() => owned.disposeAsync());
  afterAll(async () => {
    for (const config of spent) await tearDown(config);
  });

  const openOwned = async (changed: Partial<RocketmqConfig> = {}) =>
    owned.use(await open({ ...config, ...changed })).bus;

  test('without its topics and groups a start fails at once, in one message that says what to do', async () => {
    await expect(open(config)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/lacks .*conversation.* run: npx chasqui setup/),
    });
    await setUp({ ...config, streams: [{ topic: CONVERSATION_TOPIC, groups: ['first'] }] });
    await expect(open(config)).rejects.toThrow(/second/);
  });

  test('setting up twice, or by two at once, is the same as once; a topic keeps its shards', async () => {
    await Promise.all([setUp(config), setUp(config)]);
    await setUp({ ...config, shards: 3 });
    const bus = await openOwned({ shards: 5 });
    expect(bus.shards(CONVERSATION_TOPIC)).toBe(8);
  });

  test('each shard has a queue of its own, so that none holds up another', async () => {
    await setUp(config);
    const bus = await openOwned();
    for (let shard = 0; shard < 8; shard++) await bus.publish({ topic: CONVERSATION_TOPIC, shard, body: '[]' });
    using cluster = new Cluster({ nameServers: config.nameServers.map(textOf), clock: systemClock, deadlineMs: 3_000 });
    const topic = namesOf(config.prefix).topic(CONVERSATION_TOPIC);
    const broker = new Broker(cluster, (await cluster.place(topic))?.broker ?? '');
    const counts = Array.from({ length: 8 }, (_, queueId) => broker.nextOffset({ topic, queueId }));
    expect(await Promise.all(counts)).toEqual(Array.from({ length: 8 }, () => 1));
  });

  test('the largest batch of a publisher arrives whole, also among the dead letters', async () => {
    await setUp(config);
    const bus = await openOwned();
    const text = '界'.repeat(1024 * 1024 - 4);
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: 1, body: JSON.stringify([text]) });
    const seen: BusDelivery[] = [];
    bus.consume({ topic: CONVERSATION_TOPIC, group: 'first', handle: async (batch) => void seen.push(...batch) });
    bus.consume({
      topic: CONVERSATION_TOPIC,
      group: 'second',
      handle: async () => {
        throw new ImError('content_invalid', `never: ${'\u0001界'.repeat(300)}`);
      },
    });
    await until(() => expect(seen).toHaveLength(1));
    expect(eventsOf(seen)).toEqual([text]);
    const dead = () => bus.deadLetters(CONVERSATION_TOPIC, 'second', 10);
    await until(async () => expect(await dead()).toHaveLength(1));
    expect(eventsOf(await dead())).toEqual([text]);
  });

  test('C3: a member that stood still for longer than its hold loses the shard; what it says then changes nothing', async () => {
    await setUp(config);
    const [proxy] = config.endpoints;
    const relay = owned.use(await Relay.to(proxy ?? { host: '', port: 0 }));
    const frozen = await openOwned({ endpoints: [relay.endpoint] });
    const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>();
    owned.defer(thaw);
    const begun: unknown[] = [];
    frozen.consume({
      topic: CONVERSATION_TOPIC,
      group: 'first',
      maxBatch: 1,
      handle: async (batch) => {
        begun.push(...eventsOf(batch));
        await thawed;
      },
    });
    const bus = await openOwned();
    for (const event of [1, 2, 3]) {
      await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: JSON.stringify([event]) });
    }
    await until(() => expect(begun).toEqual([1]));
    relay.freeze();
    const seen: BusDelivery[] = [];
    bus.consume({
      topic: CONVERSATION_TOPIC,
      group: 'first',
      maxBatch: 1,
      handle: async (batch) => void seen.push(...batch),
    });
    await until(() => expect(seen).toHaveLength(3));
    expect(eventsOf(seen)).toEqual([1, 2, 3]);
    expect(seen[0]?.redelivered).toBe(true);
    relay.thaw();
    thaw();
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[4]' });
    await until(() => expect([...begun, ...eventsOf(seen)]).toContain(4));
    await until(async () => expect(await bus.lag(CONVERSATION_TOPIC, 'first')).toEqual([]));
    expect(begun.filter((event) => event !== 4)).toEqual([1]);
  });

  test('C14: a process that uses the bus ends by itself within seconds, and leaves nothing in its home', async () => {
    await setUp(config);
    const home = mkdtempSync(join(tmpdir(), 'chasqui-home-'));
    owned.defer(() => rmSync(home, { recursive: true }));
    const args = [fileURLToPath(import.meta.resolve('./testing/brief-process.ts')), JSON.stringify(config)];
    const options = { env: { HOME: home }, timeout: 30_000 };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options);
    expect([stdout, stderr]).toEqual(['received\n', '']);
    expect(readdirSync(home)).toEqual([]);
  });
});
