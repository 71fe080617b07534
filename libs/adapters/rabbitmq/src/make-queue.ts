import { ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { Channel, ChannelModel } from 'amqplib';
import { onChannel } from './broker/on-channel.ts';
import { type HasLeaderOptions, hasLeader } from './has-leader.ts';
import { hasQueue } from './shards-of.ts';
import { isQuorum, type QueuePlan } from './topology.ts';

export interface MakeQueueOptions extends HasLeaderOptions {
  logger: Logger;
  /** Whether a queue of that name can have no message yet, so that one without a leader loses nothing by being made anew. */
  isEmpty(name: string): boolean;
}

/**
 * Makes a queue, or makes it anew if it has lost its leader and cannot have messages. Bound also if it exists: an earlier
 * setup may have ended in between. A queue that another number of copies was asked for, or that RabbitMQ 3 made without a
 * limit of deliveries, stays as it is. False: it has no leader, and may have messages.
 */
export async function makeQueue(model: ChannelModel, queue: QueuePlan, options: MakeQueueOptions): Promise<boolean> {
  const { logger, isEmpty } = options;
  const { name } = queue;
  if (isQuorum(queue) && (await hasQueue(model, name)) && !(await hasLeader(model, name, options))) {
    if (!isEmpty(name)) return false;
    logger.warn({ queue: name }, 'the queue has no leader and cannot have messages: it is made anew');
    await onChannel(model, `deleting queue ${name}`, (channel) => channel.deleteQueue(name));
  }
  await declare(model, queue);
  logger.debug({ queue: name }, 'queue made or present');
  return true;
}

async function declare(model: ChannelModel, { name, arguments: args, bindings }: QueuePlan): Promise<void> {
  const bind = async (channel: Channel) => {
    for (const { exchange, key } of bindings) await channel.bindQueue(name, exchange, key);
  };
  const doing = `making queue ${name}`;
  try {
    await onChannel(model, doing, async (channel) => {
      await channel.assertQueue(name, { durable: true, arguments: args });
      await bind(channel);
    });
  } catch (error) {
    if (!MAY_DIFFER.test(ImError.from(error).message)) throw error;
    await onChannel(model, doing, bind);
  }
}

const MAY_DIFFER = /inequivalent arg 'x-(?:quorum-initial-group-size' .* current is '\d|delivery-limit')/;
