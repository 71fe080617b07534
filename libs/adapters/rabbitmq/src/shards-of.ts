import { ImError } from '@chasqui/domain';
import type { Channel, ChannelModel } from 'amqplib';
import { onChannel } from './broker/on-channel.ts';
import type { Names } from './names.ts';

/** The number of shards that a group has: queues from 0 on; 0 if there is none. Errors: those of the broker. */
export async function shardsOf(model: ChannelModel, names: Names, topic: string, group: string): Promise<number> {
  let shards = 0;
  try {
    await onChannel(model, 'looking for queues', async (channel) => {
      for (;;) {
        await channel.checkQueue(names.shard(topic, group, shards));
        shards++;
      }
    });
  } catch (error) {
    if (!/NOT_FOUND - no queue/.test(ImError.from(error).message)) throw error;
  }
  return shards;
}

/** Whether there is such a queue. Errors: those of the broker. */
export function hasQueue(model: ChannelModel, name: string): Promise<boolean> {
  return exists(model, (channel) => channel.checkQueue(name));
}

/** Whether there is such an exchange. Errors: those of the broker. */
export function hasExchange(model: ChannelModel, name: string): Promise<boolean> {
  return exists(model, (channel) => channel.checkExchange(name));
}

async function exists(model: ChannelModel, check: (channel: Channel) => Promise<unknown>): Promise<boolean> {
  try {
    await onChannel(model, 'looking for queues', check);
    return true;
  } catch (error) {
    if (!/NOT_FOUND - no (?:queue|exchange)/.test(ImError.from(error).message)) throw error;
    return false;
  }
}
