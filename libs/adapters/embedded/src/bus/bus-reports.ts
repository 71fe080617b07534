import type { DeadLetter, ShardLag } from '@chasqui/ports';
import type { Caller } from '../worker-link/caller.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { GroupShard } from './group-shard.ts';
import { type LogOperations, MAX_SHARDS } from './log-operations.ts';
import type { Stream } from './stream.ts';

/** Newest first. */
export async function deadLettersOf(
  log: Caller<LogOperations>,
  { id, topic, name: group }: ConsumerGroup,
  limit: number,
): Promise<DeadLetter[]> {
  if (id === undefined) return [];
  const entries = await log.call('deadLetters', [id, limit]);
  return entries.map(({ stream, offset, body, publishedAt, error, at }) => ({
    id: String(offset),
    topic,
    group,
    shard: stream % MAX_SHARDS,
    body,
    publishedAt,
    error,
    at,
    redelivered: true,
  }));
}

/** A group's lag; for a group without shards yet, all messages. */
export async function lagOf(
  log: Caller<LogOperations>,
  streams: readonly Stream[],
  shards: readonly GroupShard[],
  now: number,
): Promise<ShardLag[]> {
  const lags = streams.map(async (stream): Promise<ShardLag | null> => {
    const position = shards[stream.shard]?.position ?? stream.first;
    if (position >= stream.next) return null;
    const publishedAt = stream.entry(position)?.publishedAt ?? (await log.call('publishedAt', [stream.id, position]));
    const oldestMs = publishedAt === null ? 0 : Math.max(0, now - publishedAt);
    return { shard: stream.shard, waiting: stream.next - position, oldestMs };
  });
  return (await Promise.all(lags)).filter((lag) => lag !== null);
}
