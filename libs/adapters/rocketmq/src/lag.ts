import type { Clock } from '@chasqui/domain';
import type { ShardLag } from '@chasqui/ports';
import { Broker, type QueueName } from './remoting/broker.ts';
import type { Cluster } from './remoting/cluster.ts';

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
