import type { Clock } from '@chasqui/domain';
import { withDeadline } from '@chasqui/kit';
import type { ShardLag } from '@chasqui/ports';
import type { ChannelModel } from 'amqplib';
import type { Link } from './broker/link.ts';
import { onChannel } from './broker/on-channel.ts';
import { Subscription } from './consumer/subscription.ts';
import { publishedAt } from './delivery.ts';
import type { HeldReports } from './held-reports.ts';
import type { Names } from './names.ts';

export interface LagOptions {
  link: Link;
  reports: HeldReports;
  names: Names;
  clock: Clock;
  callDeadlineMs: number;
}

/** Processes that do not answer within this time are left out, ms. */
const ANSWERS_MS = 500;
const PEEK_MS = 500;

/**
 * What waits in the queues, as the broker says, and what members hold, as they say: the broker does not tell it. Errors:
 * `bus_unavailable`.
 */
export async function lagOf(options: LagOptions, topic: string, group: string, shards: number): Promise<ShardLag[]> {
  const { link, reports, names, clock, callDeadlineMs } = options;
  const model = await link.connected(callDeadlineMs);
  const { ready, members } = await onChannel(model, 'reading the lag', async (channel) => {
    const ready: number[] = [];
    for (let shard = 0; shard < shards; shard++)
      ready.push((await channel.checkQueue(names.shard(topic, group, shard))).messageCount);
    return { ready, members: (await channel.checkQueue(names.members(topic, group))).consumerCount };
  });
  const held = members === 0 ? [] : await reports.ask(names.deadKey(topic, group), members, ANSWERS_MS);
  const lags: ShardLag[] = [];
  for (const [shard, waitingThere] of ready.entries()) {
    const ofShard = held.filter((one) => one.shard === shard);
    const waiting = waitingThere + ofShard.reduce((sum, { count }) => sum + count, 0);
    if (waiting === 0) continue;
    const oldest = Math.min(...ofShard.map(({ oldestAt }) => oldestAt));
    const oldestAt = members === 0 ? await peek(model, names.shard(topic, group, shard), clock) : oldest;
    lags.push({ shard, waiting, oldestMs: Number.isFinite(oldestAt) ? Math.max(clock.now() - oldestAt, 0) : 0 });
  }
  return lags;
}

/** When the oldest message of a queue without consumers was published. It is marked as redelivered by that. */
async function peek(model: ChannelModel, queue: string, clock: Clock): Promise<number> {
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  const subscription = await Subscription.open(model, queue, clock, resolve);
  await withDeadline(clock, PEEK_MS, arrived).catch(() => {});
  const [oldest] = subscription.held;
  await subscription.close();
  return oldest === undefined ? Number.NaN : publishedAt(oldest);
}
