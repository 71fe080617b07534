import { type Clock, ImError } from '@chasqui/domain';
import { inParallel, type Logger } from '@chasqui/kit';
import type { Channel, ChannelModel } from 'amqplib';
import { connectToAny, disconnect } from './broker/connect.ts';
import { onChannel } from './broker/on-channel.ts';
import { hasDeliveryLimit } from './broker/server-check.ts';
import type { RabbitmqConfig } from './config.ts';
import { namesOf } from './names.ts';
import { shardsOf } from './shards-of.ts';
import {
  delayPasses,
  delayQueues,
  exchangesOf,
  groupQueues,
  type QueueOptions,
  type QueuePlan,
  shardQueue,
} from './topology.ts';

export interface SetupOptions {
  config: RabbitmqConfig;
  clock: Clock;
  logger: Logger;
}

/**
 * Makes missing exchanges and queues; existing ones stay unchanged. Safe to repeat and to run concurrently. Errors:
 * `bus_unavailable`; `config_invalid` with what to do.
 */
export async function setupRabbitmq({ config, clock, logger }: SetupOptions): Promise<void> {
  const model = await connectToAny({ config, clock, name: 'chasqui setup' });
  try {
    await setUp(model, config, logger);
  } finally {
    await disconnect(model, clock);
  }
}

async function setUp(model: ChannelModel, config: RabbitmqConfig, logger: Logger): Promise<void> {
  const names = namesOf(config.prefix);
  const traits: QueueOptions = {
    quorumSize: config.quorumSize,
    hasDeliveryLimit: hasDeliveryLimit(model.connection.serverProperties),
  };
  await onChannel(model, 'making exchanges', async (channel) => {
    for (const { name, type } of exchangesOf(names, config.streams))
      await channel.assertExchange(name, type, { durable: true });
    for (const { from, to, key } of delayPasses(names)) await channel.bindExchange(to, from, key);
  });
  const make = (queue: QueuePlan) => makeQueue(model, queue, logger);
  await inParallel(delayQueues(names, traits), MADE_AT_ONCE, make);
  for (const { topic, groups } of config.streams) {
    const existing = await Promise.all(groups.map((group) => shardsOf(model, names, topic, group)));
    const shards = Math.max(...existing) || config.shards;
    for (const group of groups) {
      await inParallel(groupQueues(names, topic, group, traits), MADE_AT_ONCE, make);
      // The first shard last: it tells that all are there.
      for (let shard = shards - 1; shard >= 0; shard--) await make(shardQueue(names, topic, group, shard, traits));
    }
  }
}

const MADE_AT_ONCE = 8;

/**
 * Bound also if it exists: an earlier setup may have ended in between. A queue that another number of copies was asked
 * for, or that RabbitMQ 3 made without a limit of deliveries, stays as it is.
 */
async function makeQueue(model: ChannelModel, { name, arguments: args, bindings }: QueuePlan, logger: Logger) {
  const bind = async (channel: Channel) => {
    for (const { exchange, key } of bindings) await channel.bindQueue(name, exchange, key);
  };
  const doing = `making queue ${name}`;
  try {
    await onChannel(model, doing, async (channel) => {
      await channel.assertQueue(name, { durable: true, arguments: args });
      await bind(channel);
    });
    logger.debug({ queue: name }, 'queue made or present');
  } catch (error) {
    if (!MAY_DIFFER.test(ImError.from(error).message)) throw error;
    await onChannel(model, doing, bind);
  }
}

const MAY_DIFFER = /inequivalent arg 'x-(?:quorum-initial-group-size' .* current is '\d|delivery-limit')/;
