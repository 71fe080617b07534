import type { Clock } from '@chasqui/domain';
import type { ShardLag } from '@chasqui/ports';
import { Broker, type QueueName } from './remoting/broker.ts';
import type { Cluster } from './remoting/cluster.ts';

/**
 * Sets the position of a group that has none in a topic's queues to the oldest message. By default, the engine may
 * start it at the newest, also after a kill before it saved a new group's position.
 *
 * Two calls during a third process's consuming may set it back: messages are then redelivered, and none is skipped.
 */
export async function startAtOldestOffset(broker: Broker, topic: string, group: string, queues: number): Promise<void> {
  const begin = async (queueId: number): Promise<void> => {
    const queue = { topic, queueId };
    if ((await broker.doneBelow(group, queue)) !== undefined) return;
    await broker.setDoneBelow(group, queue, await broker.firstOffset(queue));
  };
  await Promise.all(Array.from({ length: queues }, (_, queueId) => begin(queueId)));
}

/** A group's lag on a topic; a queue is a shard. Errors: `bus_unavailable`. */
export async function lagOf(cluster: Cluster, clock: Clock, topic: string, group: string): Promise<ShardLag[]> {
  const place = await cluster.place(topic);
  if (place === undefined) return [];
  const broker = new Broker(cluster, place.broker);
  const queues = Array.from({ length: place.queues }, (_, queueId) => ({ topic, queueId }));
  const lags = await Promise.all(queues.map((queue) => queueLag(broker, clock, queue, group)));
  return lags.filter((lag) => lag !== null);
}

async function queueLag(broker: Broker, clock: Clock, queue: QueueName, group: string): Promise<ShardLag | null> {
  const [next, first, done = 0] = await Promise.all([
    broker.nextOffset(queue),
    broker.firstOffset(queue),
    broker.doneBelow(group, queue),
  ]);
  const from = Math.max(first, done);
  if (from >= next) return null;
  const [oldest] = await broker.browse(group, queue, from, 1);
  const oldestMs = oldest === undefined ? 0 : Math.max(0, clock.now() - oldest.bornAt);
  return { shard: queue.queueId, waiting: next - from, oldestMs };
}
