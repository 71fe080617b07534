import type { Clock, Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MysqlConfig } from './config.ts';
import { checkServer, deniedError } from './engine/check-server.ts';
import { unavailable } from './engine/failures.ts';
import { linkOptions } from './engine/link-options.ts';
import { reach } from './engine/reach.ts';
import { renewMemberNames } from './groups/member-names.ts';
import { newEpoch as makeEpoch, nameInboxes, renameInboxes } from './logs/log-epoch.ts';
import { addMonths } from './messages/partitions.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { migrate } from './migrations/migrate.ts';
import { renewNameWords } from './people/profile-store.ts';

export interface SetupMysqlOptions {
  config: MysqlConfig;
  clock: Clock;
  random: Random;
  logger: Logger;
  /**
   * After a restore: every inbox gets another epoch, so that each device syncs from the beginning (C10). Default false.
   */
  newEpoch?: boolean;
  /** The database keeps the messages: their table gets partitions for the coming months. Default false. */
  messages?: boolean;
}

/**
 * Makes or updates the tables. Safe to repeat and to run concurrently. Errors: `config_invalid` with the remedy,
 * `store_unavailable` if the server does not answer.
 */
export async function setupMysql({
  config,
  clock,
  random,
  logger,
  newEpoch = false,
  messages = false,
}: SetupMysqlOptions): Promise<void> {
  const { database, user } = config.address;
  const link = await reach({ ...linkOptions(config), startWaitMs: config.startWaitMs, clock, logger });
  try {
    await checkServer(link);
    const finish = async () => {
      await renewNameWords(link, logger);
      await renewMemberNames(link);
      if (messages) await addMonths(link, { clock, logger });
    };
    await migrate({ link, database, migrations: MIGRATIONS, finish, clock, logger });
    const epoch = makeEpoch(clock, random);
    await link.run([newEpoch ? renameInboxes(epoch) : nameInboxes(epoch)]);
  } catch (error) {
    throw unavailable(deniedError(error, `GRANT ALL PRIVILEGES ON ${database}.* TO ${user}, at least for the setup`));
  } finally {
    await link.close();
  }
}
