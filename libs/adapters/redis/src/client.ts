import { readFileSync } from 'node:fs';
import { defined, ImError, type Random } from '@chasqui/domain';
import { backoffMs } from '@chasqui/kit';
import { Cluster, Redis } from 'ioredis';
import type { RedisConfig } from './config.ts';

export type RedisClient = Redis | Cluster;

/** Pauses between attempts to connect, milliseconds. Short, as calls fail at once meanwhile. */
const RECONNECT = { initialMs: 50, maxMs: 1_000 };

/**
 * A client that is not connected yet. Calls fail at once while there is no connection, and a call without an answer is
 * never sent again: only its caller knows whether it may be repeated. A server that is silent for two call timeouts
 * counts as lost, which bounds the pending calls.
 */
export function createClient(config: RedisConfig, random: Random): RedisClient {
  const { mode, address, timeoutMs, sentinelName, sentinelPassword } = config;
  const pause = (attempt: number) => backoffMs(attempt - 1, RECONNECT, random);
  const options = connectionOptions(config);
  if (mode === 'cluster') {
    return new Cluster([...address.hosts], {
      redisOptions: options,
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: pause,
      slotsRefreshTimeout: timeoutMs,
      // Detects a failover that no call has met.
      slotsRefreshInterval: 5_000,
      retryDelayOnFailover: 50,
      retryDelayOnClusterDown: 50,
    });
  }
  const own = {
    ...options,
    db: address.db,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: pause,
    // A demoted master: reconnecting finds its successor.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  };
  if (mode === 'standalone') return new Redis({ ...own, ...address.hosts[0] });
  return new Redis({
    ...own,
    sentinels: [...address.hosts],
    name: sentinelName,
    sentinelRetryStrategy: pause,
    sentinelCommandTimeout: timeoutMs,
    ...defined({ sentinelPassword }),
    ...(address.tls ? { enableTLSForSentinelMode: true, sentinelTLS: tlsOptions(config) } : {}),
  });
}

function connectionOptions(config: RedisConfig) {
  const { address, timeoutMs } = config;
  const password = config.password ?? address.password;
  return {
    protocol: 2 as const,
    connectTimeout: 2 * timeoutMs,
    socketTimeout: 2 * timeoutMs,
    connectionName: 'chasqui',
    ...defined({ username: address.username, password }),
    ...(address.tls ? { tls: tlsOptions(config) } : {}),
  };
}

function tlsOptions({ tlsCa }: RedisConfig): { ca?: Buffer } {
  if (tlsCa === undefined) return {};
  try {
    return { ca: readFileSync(tlsCa) };
  } catch (error) {
    throw new ImError('config_invalid', `the certificate file ${tlsCa} cannot be read`, {}, error);
  }
}
