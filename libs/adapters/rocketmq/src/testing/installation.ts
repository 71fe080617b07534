import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { ConfigReader, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { rocketmq } from '../../../../../deploy/engines/rocketmq.ts';
import { type RocketmqConfig, readRocketmqConfig } from '../config.ts';
import { textOf } from '../endpoints.ts';
import { openRocketmqEngines, setupRocketmq } from '../index.ts';
import { engineTopics, namesOf } from '../names.ts';
import { Broker } from '../remoting/broker.ts';
import { Cluster } from '../remoting/cluster.ts';

const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };

let made = 0;

/** Configuration of a private installation on the engine of this machine. */
export function ownConfig(more: Partial<RocketmqConfig> = {}): RocketmqConfig {
  const config = readRocketmqConfig(new ConfigReader(rocketmq.settings));
  const prefix = `test-${process.pid}-${Date.now().toString(36)}-${++made}-`;
  const streams = [{ topic: CONVERSATION_TOPIC, groups: ['first', 'second'] }];
  return { ...config, prefix, shards: 8, streams, ...more };
}

export const open = (config: RocketmqConfig) => openRocketmqEngines({ config, ...parts });
export const setUp = (config: RocketmqConfig) => setupRocketmq({ config, ...parts });

/** Removes everything that setup made. */
export async function tearDown(config: RocketmqConfig): Promise<void> {
  using cluster = new Cluster({ nameServers: config.nameServers.map(textOf), clock: systemClock, deadlineMs: 30_000 });
  for (const { name, groups } of engineTopics(namesOf(config.prefix), config.streams, config.shards)) {
    const place = await cluster.place(name);
    if (place === undefined) continue;
    const broker = new Broker(cluster, place.broker);
    for (const group of groups) await broker.deleteGroup(group);
    await broker.deleteTopic(name);
  }
}
