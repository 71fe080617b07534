import type { Engines } from '@chasqui/ports';
import { createMessageStore } from './messages/message-store.ts';
import { endSoon } from './messages/partitions.ts';
import { type OpenDatabaseOptions, openDatabase } from './open-database.ts';

export type MysqlMessages = AsyncDisposable & Pick<Engines, 'messages' | 'locator'>;

/**
 * Opens the message store, with connections of its own. Errors: `config_invalid` with the remedy, `store_unavailable` if
 * the server does not answer. Disposing waits for running calls.
 */
export async function openMysqlMessages(options: OpenDatabaseOptions): Promise<MysqlMessages> {
  const logger = options.logger.child({ part: 'mysql-messages' });
  const database = await openDatabase({ ...options, logger }, async (link) => {
    if (await endSoon(link, options.clock))
      logger.warn({}, 'MySQL: partitions of messages end soon: run: npx chasqui setup');
  });
  const store = createMessageStore(database, options.random);
  return { messages: store, locator: store, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}
