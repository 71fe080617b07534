import type { Clock } from '@chasqui/domain';
import { inParallel, type Logger, sleep } from '@chasqui/kit';
import type { ChannelModel } from 'amqplib';
import { connectToAny, disconnect } from './broker/connect.ts';
import { onChannel } from './broker/on-channel.ts';
import { hasDeliveryLimit } from './broker/server-check.ts';
import type { RabbitmqConfig } from './config.ts';
import { leaderless } from './leaderless.ts';
import { makeQueue } from './make-queue.ts';
import { type Names, namesOf } from './names.ts';
import { hasExchange, shardsOf } from './shards-of.ts';
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
 * Makes missing exchanges and queues; existing ones stay unchanged, but for queues without a leader that cannot have
 * messages. Safe to repeat and to run concurrently. Errors: `bus_unavailable`; `config_invalid` with what to do.
 */
export async function setupRabbitmq(options: SetupOptions): Promise<void> {
  const { config, clock } = options;
  const model = await connectToAny({ config, clock, name: 'chasqui setup' });
  try {
    await setUp(model, options);
  } finally {
    await disconnect(model, clock);
  }
}

async function setUp(model: ChannelModel, { config, clock, logger }: SetupOptions): Promise<void> {
  const names = namesOf(config.prefix);
  const traits: QueueOptions = {
    quorumSize: config.quorumSize,
    hasDeliveryLimit: hasDeliveryLimit(model.connection.serverProperties),
  };
  const wasFinished = await hasExchange(model, names.finished);
  await makeExchanges(model, config);
  const members = new Set(
    config.streams.flatMap(({ topic, groups }) => groups.map((group) => names.members(topic, group))),
  );
  const isEmpty = (name: string) => !wasFinished || members.has(name);
  const lost: string[] = [];
  const make = async (queue: QueuePlan) => {
    if (!(await makeQueue(model, queue, { config, clock, logger, isEmpty }))) lost.push(queue.name);
  };
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
  if (lost.length > 0) throw leaderless(lost);
  if (!wasFinished) await finish(model, names, { clock, settleMs: config.settleMs });
}

const MADE_AT_ONCE = 8;

async function makeExchanges(model: ChannelModel, { prefix, streams }: RabbitmqConfig): Promise<void> {
  const names = namesOf(prefix);
  await onChannel(model, 'making exchanges', async (channel) => {
    for (const { name, type } of exchangesOf(names, streams))
      await channel.assertExchange(name, type, { durable: true });
    for (const { from, to, key } of delayPasses(names)) await channel.bindExchange(to, from, key);
  });
}

/**
 * A broker that is killed soon after a queue was made may forget part of it, with its messages. Apps publish only once
 * `finished` is there: so a queue that is without a leader before it has none.
 */
async function finish(model: ChannelModel, names: Names, { clock, settleMs }: { clock: Clock; settleMs: number }) {
  await sleep(clock, settleMs);
  await onChannel(model, 'finishing', (channel) => channel.assertExchange(names.finished, 'direct', { durable: true }));
}
