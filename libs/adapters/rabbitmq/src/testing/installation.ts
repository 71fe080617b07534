import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { ConfigReader, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { rabbitmq } from '../../../../../deploy/engines/rabbitmq.ts';
import { connectToAny, disconnect } from '../broker/connect.ts';
import { onChannel } from '../broker/on-channel.ts';
import { type RabbitmqConfig, readRabbitmqConfig } from '../config.ts';
import { openRabbitmqEngines, setupRabbitmq } from '../index.ts';
import { namesOf } from '../names.ts';
import { delayQueues, exchangesOf, groupQueues, shardQueue } from '../topology.ts';

const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };

let made = 0;

/** Configuration of a private installation on the engine of this machine. */
export function ownConfig(more: Partial<RabbitmqConfig> = {}): RabbitmqConfig {
  const config = readRabbitmqConfig(new ConfigReader(rabbitmq.settings));
  const prefix = `test-${process.pid}-${Date.now().toString(36)}-${++made}-`;
  const streams = [{ topic: CONVERSATION_TOPIC, groups: ['first', 'second'] }];
  return { ...config, prefix, shards: 8, streams, settleMs: 0, ...more };
}

export const open = (config: RabbitmqConfig) => openRabbitmqEngines({ config, ...parts });
export const setUp = (config: RabbitmqConfig) => setupRabbitmq({ config, ...parts });

/** Removes everything that setup made. */
export async function tearDown({ shards, quorumSize, ...config }: RabbitmqConfig): Promise<void> {
  const names = namesOf(config.prefix);
  const traits = { quorumSize, hasDeliveryLimit: false };
  const ofGroups = config.streams.flatMap(({ topic, groups }) =>
    groups.flatMap((group) => [
      ...groupQueues(names, topic, group, traits),
      ...Array.from({ length: shards }, (_, shard) => shardQueue(names, topic, group, shard, traits)),
    ]),
  );
  const model = await connectToAny({
    config: { shards, quorumSize, ...config },
    clock: systemClock,
    name: 'tear-down',
  });
  await onChannel(model, 'tearing down', async (channel) => {
    for (const { name } of [...delayQueues(names, traits), ...ofGroups]) await channel.deleteQueue(name);
    for (const { name } of exchangesOf(names, config.streams)) await channel.deleteExchange(name);
    await channel.deleteExchange(names.finished);
  });
  await disconnect(model, systemClock);
}
