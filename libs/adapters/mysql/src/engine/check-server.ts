import { ImError } from '@chasqui/domain';
import type { MysqlAddress } from '../mysql-url.ts';
import { hasErrno } from './failures.ts';
import type { Link } from './link.ts';
import type { Statement, Value } from './statement.ts';

const LEAST = { mysql: [8, 0], mariadb: [10, 6] } as const;
/** Denied: a command on a table, a command on a column, access to the database. */
const DENIED = [1142, 1143, 1044];

/** Errors: `config_invalid` if the server is too old, or acknowledges commits before they are on disk (C2). */
export async function checkServer(link: Link): Promise<void> {
  const [answer] = await link.run([{ sql: 'SELECT VERSION(), @@GLOBAL.innodb_flush_log_at_trx_commit' }]);
  const [version, flush] = (answer?.rows[0] ?? []) as Value[];
  const text = String(version);
  const kind = text.includes('MariaDB') ? 'mariadb' : 'mysql';
  const [major = 0, minor = 0] = text.split(/[.-]/).map(Number);
  const [leastMajor, leastMinor] = LEAST[kind];
  if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
    throw new ImError(
      'config_invalid',
      `the server has version ${text}: MySQL 8.0 or MariaDB 10.6, or later, is required`,
    );
  }
  if (flush !== 1) {
    const text = `innodb_flush_log_at_trx_commit is ${flush}, so a loss of power could lose what was confirmed: set it to 1`;
    throw new ImError('config_invalid', text);
  }
}

/** Errors: `config_invalid` if a text column has another collation than ours: ids would be confused. */
export async function checkCollations(link: Link, tables: readonly string[]): Promise<void> {
  const [answer] = await link.run([
    {
      sql: `SELECT TABLE_NAME, COLUMN_NAME, COLLATION_NAME FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?) AND COLLATION_NAME <> 'utf8mb4_bin' LIMIT 1`,
      values: [tables],
    },
  ]);
  const [wrong] = answer?.rows ?? [];
  if (wrong === undefined) return;
  const [table, column, collation] = wrong;
  const remedy = `ALTER TABLE ${table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
  throw new ImError('config_invalid', `column ${column} of table ${table} has the collation ${collation}: ${remedy}`);
}

/** Tries every kind of access the tables need, on no rows. Errors: `config_invalid` that names the missing right. */
export async function checkRights(
  link: Link,
  tables: readonly string[],
  { user, database }: MysqlAddress,
): Promise<void> {
  const [columns] = await link.run([
    {
      sql: `SELECT TABLE_NAME, MIN(COLUMN_NAME) FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?) GROUP BY TABLE_NAME`,
      values: [tables],
    },
  ]);
  const uses = (columns?.rows ?? []).flatMap(([table, column]): Statement[] => [
    { sql: `INSERT INTO ${table} SELECT * FROM ${table} WHERE 1 = 0` },
    { sql: `UPDATE ${table} SET ${column} = ${column} WHERE 1 = 0` },
    { sql: `DELETE FROM ${table} WHERE 1 = 0` },
  ]);
  try {
    await link.run(uses);
  } catch (error) {
    throw deniedError(error, `GRANT SELECT, INSERT, UPDATE, DELETE ON ${database}.* TO ${user}`);
  }
}

/** Turns a denied right into an error that says what to grant; other errors are returned unchanged. */
export function deniedError(error: unknown, remedy: string): unknown {
  if (!hasErrno(error, ...DENIED)) return error;
  return new ImError('config_invalid', `MySQL: ${(error as Error).message}: ${remedy}`, {}, error);
}
