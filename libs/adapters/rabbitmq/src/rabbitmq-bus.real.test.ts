import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Relay } from '@chasqui/contracts';
import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import type { BusDelivery } from '@chasqui/ports';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rabbitmqctl } from '../../../../deploy/engines/rabbitmq.ts';
import { connectToAny, disconnect } from './broker/connect.ts';
import { onChannel } from './broker/on-channel.ts';
import type { RabbitmqConfig } from './config.ts';
import { namesOf } from './names.ts';
import { open, ownConfig, setUp, tearDown } from './testing/installation.ts';

const until = (what: () => void | Promise<void>, timeout = 30_000) => vi.waitFor(what, { timeout, interval: 50 });
const eventsOf = (deliveries: readonly BusDelivery[]) =>
  deliveries.flatMap(({ body }) => JSON.parse(body) as unknown[]);

describe('the bus on RabbitMQ', { timeout: 60_000 }, () => {
  const spent: RabbitmqConfig[] = [];
  let config: RabbitmqConfig;
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

  const openOwned = async (changed: Partial<RabbitmqConfig> = {}) =>
    owned.use(await open({ ...config, ...changed })).bus;
  const rename = (user: string) => ({ ...config, user, password: 'of a test' });

  test('without its queues a start fails at once, in one message that says what to do', async () => {
    await expect(open(config)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/lacks .*conversation.* run: npx chasqui setup/),
    });
    await setUp({ ...config, streams: [{ topic: CONVERSATION_TOPIC, groups: ['first'] }] });
    await expect(open(config)).rejects.toThrow(/second/);
  });

  test('setting up twice, or by two at once, is the same as once; a topic keeps its shards', async () => {
    await Promise.all([setUp(config), setUp(config)]);
    await setUp({ ...config, shards: 3, quorumSize: 1 });
    const bus = await openOwned({ shards: 5 });
    expect(bus.shards(CONVERSATION_TOPIC)).toBe(8);
  });

  test('a queue of another kind under the same name is named, and left alone', async () => {
    const name = namesOf(config.prefix).shard(CONVERSATION_TOPIC, 'first', 3);
    const model = await connectToAny({ config, clock: systemClock, name: 'test' });
    await onChannel(model, 'making', (channel) => channel.assertQueue(name, { durable: true }));
    await disconnect(model, systemClock);
    await expect(setUp(config)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(new RegExp(`${name.replaceAll('.', '\\.')}.*inequivalent.*PREFIX`)),
    });
  });

  test('a wrong password, a virtual host that is not there, and missing rights say what to do', async () => {
    const user = `test-${process.pid}`;
    await rabbitmqctl(['add_user', user, 'of a test']);
    owned.defer(async () => void (await rabbitmqctl(['delete_user', user])));
    await expect(setUp({ ...config, password: 'wrong' })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/Login was refused.*CHASQUI_RABBITMQ_PASSWORD_FILE/),
    });
    await expect(setUp({ ...config, address: { ...config.address, vhost: 'nobodys' } })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/virtual host.*add_vhost/),
    });
    await expect(setUp(rename(user))).rejects.toMatchObject({ code: 'config_invalid' });
    await rabbitmqctl(['set_permissions', user, '^other-', '.*', '.*']);
    await expect(setUp(rename(user))).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/ACCESS_REFUSED.*set_permissions/),
    });
    const all = `^${config.prefix}`;
    await rabbitmqctl(['set_permissions', user, all, all, all]);
    await setUp(rename(user));
    const bus = await openOwned(rename(user));
    const seen: BusDelivery[] = [];
    bus.consume({ topic: CONVERSATION_TOPIC, group: 'first', handle: async (batch) => void seen.push(...batch) });
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[1]' });
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[2]', delayMs: 100 });
    await until(() => expect(eventsOf(seen)).toEqual([1, 2]));
    expect(await bus.lag(CONVERSATION_TOPIC, 'second')).toMatchObject([{ shard: 0, waiting: 2 }]);
    expect(await bus.deadLetters(CONVERSATION_TOPIC, 'first', 9)).toEqual([]);
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

  test('a second member gets its share of shards that are busy, in order', async () => {
    await setUp(config);
    const buses = [await openOwned(), await openOwned()];
    const shardsOf = [new Set<number>(), new Set<number>()];
    const done: number[][] = Array.from({ length: 8 }, () => []);
    for (const [member, bus] of buses.entries()) {
      bus.consume({
        topic: CONVERSATION_TOPIC,
        group: 'first',
        handle: async (batch) => {
          const shard = batch[0]?.shard ?? 0;
          shardsOf[member]?.add(shard);
          done[shard]?.push(...(eventsOf(batch) as number[]));
        },
      });
    }
    let count = 0;
    while ((shardsOf[0]?.size ?? 0) === 0 || (shardsOf[1]?.size ?? 0) < 4) {
      for (let shard = 0; shard < 8; shard++)
        await buses[0]?.publish({ topic: CONVERSATION_TOPIC, shard, body: `[${count}]` });
      count++;
    }
    const all = Array.from({ length: count }, (_, n) => n);
    await until(() => expect(done.every((events) => new Set(events).size === count)).toBe(true));
    for (const events of done) expect([...new Set(events)]).toEqual(all);
  });

  test('C3: a member that stood still loses the shard; what it says then changes nothing', async () => {
    await setUp(config);
    const [broker] = config.address.endpoints;
    const relay = owned.use(await Relay.to(broker ?? { host: '', port: 0 }));
    const frozen = await openOwned({ address: { ...config.address, endpoints: [relay.endpoint] } });
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
    await until(() => expect(seen).toHaveLength(3), 15_000);
    expect(eventsOf(seen)).toEqual([1, 2, 3]);
    expect(seen[0]?.redelivered).toBe(true);
    relay.thaw();
    thaw();
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: '[4]' });
    await until(() => expect([...begun, ...eventsOf(seen)]).toContain(4));
    await until(async () => expect(await bus.lag(CONVERSATION_TOPIC, 'first')).toEqual([]));
    expect(begun.filter((event) => event !== 4)).toEqual([1]);
  });

  test('C14: a process that uses the bus ends by itself within seconds', async () => {
    await setUp(config);
    const args = [fileURLToPath(import.meta.resolve('./testing/brief-process.ts')), JSON.stringify(config)];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: {}, timeout: 30_000 });
    expect([stdout, stderr]).toEqual(['received\n', '']);
  });
});
