import { type Clock, ImError, type Random } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import type { ChannelModel } from 'amqplib';
import { connectToAny, disconnect } from './broker/connect.ts';
import type { RabbitmqConfig } from './config.ts';
import { DELAY_LEVELS } from './delay-route.ts';
import { namesOf } from './names.ts';
import { RabbitmqBus } from './rabbitmq-bus.ts';
import { hasExchange, hasQueue, shardsOf } from './shards-of.ts';

export interface OpenOptions {
  config: RabbitmqConfig;
  clock: Clock;
  random: Random;
  logger: Logger;
}

const ASK_EVERY_MS = 500;
const SAY_EVERY_MS = 5_000;

/**
 * The bus on RabbitMQ. Waits up to `startDeadlineMs` for a broker that is away. Errors: `bus_unavailable` if none answers
 * in time; `config_invalid` if exchanges or queues are missing, which setup makes, or if what is configured cannot work.
 */
export async function openRabbitmqEngines(options: OpenOptions): Promise<Pick<Engines, 'bus'> & AsyncDisposable> {
  const { config, clock, random } = options;
  const clientId = `${process.pid}-${Math.floor(random() * 2 ** 48).toString(36)}`;
  const shards = await waitFor(options, async () => {
    const model = await connectToAny({ config, clock, name: `chasqui ${clientId}` });
    try {
      return await findShards(model, config);
    } finally {
      await disconnect(model, clock);
    }
  });
  const bus = new RabbitmqBus({ ...options, names: namesOf(config.prefix), clientId, shards });
  return { bus, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
}

/** The number of shards of each topic. Errors: `config_invalid` if anything is missing. */
export async function findShards(
  model: ChannelModel,
  { prefix, streams }: RabbitmqConfig,
): Promise<Map<string, number>> {
  const names = namesOf(prefix);
  const shards = new Map<string, number>();
  const missing: string[] = [];
  const expectQueue = async (name: string) => {
    if (!(await hasQueue(model, name))) missing.push(name);
  };
  await expectQueue(names.delay(DELAY_LEVELS - 1));
  for (const { topic, groups } of streams) {
    for (const group of groups) {
      const found = await shardsOf(model, names, topic, group);
      const ofTopic = shards.get(topic) ?? found;
      shards.set(topic, ofTopic);
      if (found === 0 || found < ofTopic) missing.push(names.shard(topic, group, found));
      await expectQueue(names.members(topic, group));
      await expectQueue(names.deadLetters(topic, group));
    }
  }
  if (missing.length === 0 && !(await hasExchange(model, names.finished))) missing.push(names.finished);
  if (missing.length === 0) return shards;
  const list = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ' and others' : '');
  throw new ImError('config_invalid', `RabbitMQ lacks ${list}; run: npx chasqui setup`, { missing });
}

async function waitFor<T>({ config, clock, logger }: OpenOptions, attempt: () => Promise<T>): Promise<T> {
  const started = clock.monotonic();
  let saidAt = started;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const now = clock.monotonic();
      if (ImError.from(error).code !== 'bus_unavailable' || now - started >= config.startDeadlineMs) throw error;
      if (now - saidAt >= SAY_EVERY_MS) {
        saidAt = now;
        logger.warn({ err: error }, 'waiting for RabbitMQ');
      }
      await sleep(clock, ASK_EVERY_MS);
    }
  }
}
