import type { Clock, Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { RedisClient } from './client.ts';
import type { RedisConfig } from './config.ts';
import { createRedisPorts, type RedisPorts } from './ports.ts';
import { reach } from './reach.ts';

/** How long a start waits for the server, milliseconds. */
const START_MS = 30_000;

export interface OpenRedisOptions {
  config: RedisConfig;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** How long the start waits for a server that is away, milliseconds. */
  startMs?: number;
}

/**
 * Opens the ports that Redis implements, once the server answers and is suitable. Afterwards they tolerate any outage:
 * calls fail with `presence_unavailable` meanwhile. Errors: `config_invalid` if waiting would not help,
 * `presence_unavailable` if the server did not answer in time; both name the remedy.
 */
export async function openRedisEngines({
  config,
  clock,
  random,
  logger: parent,
  startMs = START_MS,
}: OpenRedisOptions): Promise<RedisPorts & AsyncDisposable> {
  const logger = parent.child({ part: 'redis' });
  const { client, restarts, link } = await reach({ config, clock, random, logger, startMs });
  reportAbsence(client, logger);
  return {
    ...createRedisPorts({ link, restarts, clock, config }),
    async [Symbol.asyncDispose]() {
      client.disconnect();
    },
  };
}

/** Logs one line when the connection is lost, and one when it is restored. */
function reportAbsence(client: RedisClient, logger: Logger): void {
  let away = false;
  client.on('close', () => {
    if (!away) logger.warn({}, 'Redis is unavailable: messages take the durable way only');
    away = true;
  });
  client.on('ready', () => {
    if (away) logger.info({}, 'Redis is available again');
    away = false;
  });
}
