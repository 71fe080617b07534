import { type Clock, ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { RocketmqConfig } from './config.ts';
import { textOf } from './endpoints.ts';
import { startAtOldestOffset } from './group-offsets.ts';
import { type EngineTopic, engineTopics, namesOf } from './names.ts';
import { Broker } from './remoting/broker.ts';
import { Cluster } from './remoting/cluster.ts';

export interface SetupOptions {
  config: RocketmqConfig;
  clock: Clock;
  logger: Logger;
}

/**
 * Makes missing topics and consumer groups; existing ones stay unchanged. All shards of a topic are on one broker, the
 * first by name, as a shard's order requires that it does not move. Safe to repeat and to run concurrently. Errors:
 * `bus_unavailable`.
 */
export async function setupRocketmq({ config, clock, logger }: SetupOptions): Promise<void> {
  const nameServers = config.nameServers.map(textOf);
  using cluster = new Cluster({ nameServers, clock, deadlineMs: config.callDeadlineMs });
  const [master] = await cluster.masters();
  if (master === undefined) throw new ImError('bus_unavailable', 'RocketMQ: no broker has registered yet');
  for (const topic of engineTopics(namesOf(config.prefix), config.streams, config.shards)) {
    await setUpTopic(cluster, topic, master, logger);
  }
  await adviseOn(new Broker(cluster, master), logger);
}

async function setUpTopic(cluster: Cluster, topic: EngineTopic, master: string, logger: Logger): Promise<void> {
  const place = await cluster.place(topic.name);
  const broker = new Broker(cluster, place?.broker ?? master);
  if (place === undefined) {
    await broker.putTopic(topic.name, topic.queues, topic.type);
    logger.info({ topic: topic.name, type: topic.type, queues: topic.queues }, 'topic created');
  }
  for (const group of topic.groups) {
    if (await broker.hasGroup(group)) continue;
    await broker.putOrderedGroup(group);
    logger.info({ group }, 'consumer group created');
  }
  for (const group of topic.groups) await startAtOldestOffset(broker, topic.name, group, place?.queues ?? topic.queues);
}

/** Settings that are the operator's choice, but weaken the guarantees of the bus. */
const ADVICE: readonly { setting: string; isGood: (value: string) => boolean; otherwise: string }[] = [
  {
    setting: 'flushDiskType',
    isGood: (value) => value === 'SYNC_FLUSH',
    otherwise: 'a power cut of the broker can lose acked messages; SYNC_FLUSH writes them to disk before the ack',
  },
  {
    setting: 'fileReservedTime',
    isGood: (value) => Number(value) >= 168,
    otherwise: 'messages are deleted after this many hours, even if a consumer group has not processed them',
  },
  {
    setting: 'cleanFileForciblyEnable',
    isGood: (value) => value === 'false',
    otherwise: 'on a disk that is 85 % full, messages are deleted whatever their age; false keeps them',
  },
];

async function adviseOn(broker: Broker, logger: Logger): Promise<void> {
  const settings = await broker.settings();
  for (const { setting, isGood, otherwise } of ADVICE) {
    const value = settings.get(setting) ?? '';
    if (!isGood(value)) logger.warn({ [setting]: value }, `the broker's ${setting}: ${otherwise}`);
  }
}
