import { type Clock, ImError, type Random } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';
import { createClient, type RedisClient } from './client.ts';
import type { RedisConfig } from './config.ts';
import { createRedisPorts, type RedisPorts } from './ports.ts';
import { RedisLink, withoutCommand } from './redis-link.ts';
import { checkServer, faultOf, messagesOf, placeOf } from './server-check.ts';
import { ServerRestarts } from './server-restarts.ts';

/** How long a start waits for the server, between attempts, and between log lines, milliseconds. */
const START_MS = 30_000;
const ATTEMPT_MS = 250;
const REPORT_MS = 5_000;

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
  const client = createClient(config, random);
  let lastError: unknown;
  client.on('error', (error) => {
    lastError = withoutCommand(error);
  });
  const restarts = new ServerRestarts(client, clock);
  const link = new RedisLink({ client, clock, timeoutMs: config.timeoutMs });
  // The client itself repeats a failed attempt.
  client.connect().catch((error) => {
    lastError ??= withoutCommand(error);
  });
  try {
    await untilFit();
  } catch (error) {
    client.disconnect();
    throw error;
  }
  reportAbsence(client, logger);
  return {
    ...createRedisPorts({ link, restarts, clock, config }),
    async [Symbol.asyncDispose]() {
      client.disconnect();
    },
  };

  async function untilFit(): Promise<void> {
    const startedAt = clock.monotonic();
    for (let reportAt = startedAt + REPORT_MS; ; await sleep(clock, ATTEMPT_MS)) {
      try {
        await link.call((ready) => checkServer(ready, config, logger));
        // If the database does not exist, the driver only reports it as an event, and uses the first database instead.
        const fault = faultOf(config, lastError);
        if (fault === null) return;
        throw fault;
      } catch (error) {
        const fault = faultOf(config, error) ?? faultOf(config, lastError);
        if (fault !== null || (error instanceof ImError && error.code === 'config_invalid')) throw fault ?? error;
        const why = messagesOf(lastError ?? error).at(-1);
        const now = clock.monotonic();
        if (now - startedAt >= startMs) {
          const text = `Redis at ${placeOf(config)} was away for ${Math.round(startMs / 1000)} s (${why}): start it, or change CHASQUI_REDIS_URL`;
          throw new ImError('presence_unavailable', text, {}, error);
        }
        if (now >= reportAt) {
          reportAt += REPORT_MS;
          logger.warn({ place: placeOf(config), why }, 'waiting for Redis');
        }
      }
    }
  }
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
