import { type Clock, ImError, type Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MysqlConfig } from './config.ts';
import { checkCollations, checkRights, checkServer } from './engine/check-server.ts';
import { unavailable } from './engine/failures.ts';
import { Database } from './engine/index.ts';
import type { Link } from './engine/link.ts';
import { linkOptions } from './engine/link-options.ts';
import { reach } from './engine/reach.ts';
import { MIGRATIONS, tablesOf } from './migrations/index.ts';
import { appliedSteps, stepsToDo } from './migrations/migrate.ts';

export interface OpenDatabaseOptions {
  config: MysqlConfig;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Also on a store that a move has left or not finished. Default false. */
  evenMoved?: boolean;
}

/**
 * The database, once the server answers and the tables are complete. `check`: what else must hold. Errors:
 * `config_invalid` with the remedy, `store_unavailable` if the server does not answer. Disposing waits for running calls.
 */
export async function openDatabase(
  { config, clock, random, logger }: OpenDatabaseOptions,
  check?: (link: Link) => Promise<void>,
): Promise<Database> {
  const connection = linkOptions(config);
  const link = await reach({ ...connection, startWaitMs: config.startWaitMs, clock, logger });
  try {
    await checkDatabase(link, config);
    await check?.(link);
  } catch (error) {
    throw unavailable(error);
  } finally {
    await link.close();
  }
  return new Database({ ...connection, pool: config.pool, clock, random, logger });
}

/** Errors: `config_invalid` with the first fault of the server or database, and its remedy. */
async function checkDatabase(link: Link, { address }: MysqlConfig): Promise<void> {
  await checkServer(link);
  const toDo = stepsToDo(await appliedSteps(link), MIGRATIONS);
  if (toDo.length > 0) {
    const names = toDo.map(({ version, name }) => `${version} (${name})`).join(', ');
    const text = `the MySQL database ${address.database} lacks the steps ${names}: run: npx chasqui setup`;
    throw new ImError('config_invalid', text);
  }
  const tables = tablesOf(MIGRATIONS);
  await checkCollations(link, tables);
  await checkRights(link, tables, address);
}
