import { type Clock, ImError, type Random } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';
import { createClient, type RedisClient } from './client.ts';
import type { RedisConfig } from './config.ts';
import { RedisLink, withoutCommand } from './redis-link.ts';
import { checkServer, faultOf, messagesOf, placeOf } from './server-check.ts';
import { ServerRestarts } from './server-restarts.ts';

/** Between attempts, and between log lines, milliseconds. */
const ATTEMPT_MS = 250;
const REPORT_MS = 5_000;

export interface ReachOptions {
  config: RedisConfig;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** How long to wait for a server that is away, milliseconds. */
  startMs: number;
}

/** A connection that is to be ended with `disconnect`. */
export interface Reached {
  client: RedisClient;
  restarts: ServerRestarts;
  link: RedisLink;
}

/**
 * A connection to a server that answers and is suitable. Errors: `config_invalid` if waiting would not help,
 * `presence_unavailable` if the server did not answer in time; both name the remedy.
 */
export async function reach({ config, clock, random, logger, startMs }: ReachOptions): Promise<Reached> {
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
  return { client, restarts, link };

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
