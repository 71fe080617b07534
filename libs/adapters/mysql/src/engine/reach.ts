import { type Clock, ImError } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';
import { type DriverError, hasErrno, isAway } from './failures.ts';
import { Link, type LinkOptions } from './link.ts';

const SAY_EVERY_MS = 5_000;
const RETRY_MS = 250;

export interface ReachOptions extends LinkOptions {
  /** How long to wait for a server that does not answer, milliseconds. */
  startWaitMs: number;
  clock: Clock;
  logger: Logger;
}

/**
 * Connects to a server that may still be starting. Errors: `store_unavailable` if it does not answer in time;
 * `config_invalid` with the remedy if it refuses.
 */
export async function reach(options: ReachOptions): Promise<Link> {
  const { address, startWaitMs, clock, logger } = options;
  const place = `MySQL at ${address.host}:${address.port}`;
  const start = clock.monotonic();
  for (let said = start; ; ) {
    try {
      return await Link.connect(options);
    } catch (error) {
      if (!isAway(error)) throw refusal(error, options);
      const now = clock.monotonic();
      if (now - start >= startWaitMs) {
        const reason = (error as Error).message || (error as DriverError).code;
        const text = `${place} does not answer within ${startWaitMs} ms (${reason}): is it running, and is CHASQUI_MYSQL_URL right?`;
        throw new ImError('store_unavailable', text, {}, error);
      }
      if (now - said >= SAY_EVERY_MS) {
        said = now;
        logger.warn({ code: (error as DriverError).code }, `waiting for ${place}`);
      }
      await sleep(clock, RETRY_MS);
    }
  }
}

/** Why a server that answers refused the login. */
function refusal(error: unknown, { address }: LinkOptions): ImError {
  const { host, port, user, database } = address;
  const place = `MySQL at ${host}:${port}`;
  const invalid = (text: string) => new ImError('config_invalid', text, {}, error);
  if (hasErrno(error, 1045, 1698)) {
    return invalid(`${place} does not let user ${user} in: check user and password in CHASQUI_MYSQL_URL`);
  }
  if (hasErrno(error, 1049)) {
    const create = `CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
    return invalid(`${place} has no database ${database}: ${create}, or change CHASQUI_MYSQL_URL`);
  }
  if (hasErrno(error, 1044)) {
    return invalid(`${place}: user ${user} has no rights on database ${database} (or there is none of that name)`);
  }
  if (hasErrno(error, 3159)) return invalid(`${place} demands encryption: set CHASQUI_MYSQL_TLS=on`);
  if ((error as DriverError).code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    return invalid(`${place} offers no encryption: give it a certificate, or set CHASQUI_MYSQL_TLS=off`);
  }
  return invalid(`${place} cannot be used: ${(error as Error).message}`);
}
