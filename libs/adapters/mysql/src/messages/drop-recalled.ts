import type { MessageId, Random } from '@chasqui/domain';
import type { Database, Statement } from '../engine/index.ts';
import { PARTITIONS, upperBounds } from './partitions.ts';

/** Tables that take the rows of a month until they are dropped. */
const ASIDE = 'messages_dropped_';
/** How long a month may take: all of its rows are read. */
const DEADLINE_MS = 300_000;

const BELOW: Statement = { sql: "SELECT value FROM meta WHERE name = 'messages_dropped_below'" };
const SAVE = `INSERT INTO meta (name, value) VALUES ('messages_dropped_below', ?)
  ON DUPLICATE KEY UPDATE value = GREATEST(value, VALUES(value))`;
/** Those of other processes that run are younger. */
const LEFT: Statement = {
  sql: `SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
    AND TABLE_NAME LIKE '${ASIDE.replaceAll('_', '\\_')}%' AND CREATE_TIME < NOW() - INTERVAL 1 HOUR`,
};

export async function droppedBelow(database: Database): Promise<MessageId | ''> {
  return ((await database.run(BELOW)).rows[0]?.[0] as MessageId | undefined) ?? '';
}

/**
 * `MessageStore.dropRecalled`. The rows of a month change places with those of an empty table, at once, as a message may
 * come at any moment (an import); what was not recalled is put back, and the table is dropped. The empty partition is
 * merged into the next one when that has been emptied too.
 */
export async function dropRecalled(database: Database, before: MessageId, random: Random): Promise<void> {
  const run = (sql: string) => database.run({ sql }, DEADLINE_MS);
  for (const [table] of (await database.run(LEFT)).rows) await dispose(String(table));
  const answer = await database.run(PARTITIONS);
  const names = answer.rows.map(([, name]) => String(name));
  for (const [place, bound] of upperBounds(answer).entries()) {
    if (bound > before) return;
    const [partition = '', former] = [names[place], names[place - 1]];
    if (!(await has(partition, 'TRUE'))) continue;
    if (await has(partition, 'recalled_at IS NULL')) return;
    await database.run({ sql: SAVE, values: [bound] });
    const table = `${ASIDE}${Math.floor(random() * 2 ** 48).toString(36)}`;
    await run(`CREATE TABLE ${table} LIKE messages`);
    await run(`ALTER TABLE ${table} REMOVE PARTITIONING`);
    await run(`ALTER TABLE messages EXCHANGE PARTITION ${partition} WITH TABLE ${table}`);
    await dispose(table);
    if (former === undefined) continue;
    const both = `${former}, ${partition} INTO (PARTITION ${partition} VALUES LESS THAN ('${bound}'))`;
    await run(`ALTER TABLE messages REORGANIZE PARTITION ${both}`);
  }

  async function has(partition: string, what: string): Promise<boolean> {
    const { rows } = await run(`SELECT 1 FROM messages PARTITION (${partition}) WHERE ${what} LIMIT 1`);
    return rows.length > 0;
  }

  async function dispose(table: string): Promise<void> {
    await run(`INSERT INTO messages SELECT * FROM ${table} WHERE recalled_at IS NULL
      ON DUPLICATE KEY UPDATE messages.revision = messages.revision`);
    await run(`DROP TABLE IF EXISTS ${table}`);
  }
}
