import { defined } from '@chasqui/domain';
import type { ConfigReader } from '@chasqui/kit';
import { parseRedisUrl, type RedisAddress } from './redis-url.ts';

export interface RedisConfig {
  /**
   * One server, a Redis Cluster, or a master that sentinels name. Each needs another client, so it is never guessed.
   */
  mode: 'standalone' | 'cluster' | 'sentinel';
  /** The server, some nodes of the cluster, or the sentinels. */
  address: RedisAddress;
  /** Replaces the password in the URL. */
  password?: string;
  /** The sentinels' name for the master. */
  sentinelName: string;
  sentinelPassword?: string;
  /** PEM file of the authority that signed the servers' certificates. Absent: the machine's own list. */
  tlsCa?: string;
  /** Prefix of every key, so that several installations can share a Redis. */
  prefix: string;
  /** Deadline of a call, milliseconds. */
  timeoutMs: number;
  /** Maximum messages per user in the offline cache. */
  offlinePerUser: number;
  /** Total size of the offline cache, bytes. */
  offlineMaxBytes: number;
  /** Maximum life of a dedup hint, milliseconds: without a hint, storing detects the duplicate. */
  dedupMaxMs: number;
}

export function readRedisConfig(reader: ConfigReader): RedisConfig {
  const password = reader.secret('CHASQUI_REDIS_PASSWORD', { minLength: 1 });
  const sentinelPassword = reader.secret('CHASQUI_REDIS_SENTINEL_PASSWORD', { minLength: 1 });
  const tlsCa = reader.optional('CHASQUI_REDIS_TLS_CA');
  return {
    mode: reader.oneOf('CHASQUI_REDIS_MODE', ['standalone', 'cluster', 'sentinel'], 'standalone'),
    address: reader.parsed('CHASQUI_REDIS_URL', 'redis://127.0.0.1:6379', parseRedisUrl),
    ...defined({ password }),
    sentinelName: reader.text('CHASQUI_REDIS_SENTINEL_NAME', 'mymaster'),
    ...defined({ sentinelPassword, tlsCa }),
    prefix: reader.parsed('CHASQUI_REDIS_PREFIX', 'chasqui:', parsePrefix),
    timeoutMs: reader.integer('CHASQUI_REDIS_TIMEOUT_MS', 1_000, { min: 50, max: 10_000 }),
    offlinePerUser: reader.integer('CHASQUI_REDIS_OFFLINE_PER_USER', 500, { min: 1, max: 10_000 }),
    offlineMaxBytes: reader.integer('CHASQUI_REDIS_OFFLINE_MAX_MB', 256, { min: 1, max: 1_000_000 }) * 1024 * 1024,
    dedupMaxMs: reader.integer('CHASQUI_REDIS_DEDUP_HOURS', 24, { min: 1, max: 720 }) * 3_600_000,
  };
}

/** Braces would move keys that belong together to different nodes of a cluster. */
function parsePrefix(text: string): string {
  if (!/^[\w:.-]{1,64}$/.test(text)) throw new Error('must be 1 to 64 of A–Z a–z 0–9 _ : . -');
  return text;
}
