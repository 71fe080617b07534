import { type Clock, ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { hasErrno } from '../engine/failures.ts';
import type { Link } from '../engine/link.ts';
import { checksumOf, type Migration, TABLE } from './migration.ts';

/** How long to wait while another process migrates, in seconds. */
const LOCK_WAIT_S = 60;
/** The column or key exists already; the column, key or renamed table is gone already. */
const DONE_ALREADY = [1060, 1061, 1091];
const NO_SUCH_TABLE = 1146;
const RENAMED_ALREADY = [1050, NO_SUCH_TABLE];

const LIST = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version INT NOT NULL,
  name VARCHAR(100) NOT NULL,
  checksum CHAR(64) NOT NULL,
  applied_at BIGINT NOT NULL,
  PRIMARY KEY (version)
) ${TABLE}`;

export interface MigrateOptions {
  link: Link;
  database: string;
  migrations: readonly Migration[];
  /** Further work, done by one process at a time. */
  finish?(link: Link): Promise<void>;
  clock: Clock;
  logger: Logger;
}

/**
 * Brings the database up to date. If several processes call this at once, one migrates and the others find it done.
 * Errors: `config_invalid` (see `stepsToDo`), `store_unavailable` if another process holds the lock too long, and the
 * driver's.
 */
export async function migrate({ link, database, migrations, finish, clock, logger }: MigrateOptions): Promise<void> {
  // Names of these locks are global to the server, and have at most 64 characters.
  const lock = `chasqui migrations ${database}`.slice(0, 64);
  const [locked] = await link.run([{ sql: 'SELECT GET_LOCK(?, ?)', values: [lock, LOCK_WAIT_S] }]);
  if (locked?.rows[0]?.[0] !== 1) {
    throw new ImError(
      'store_unavailable',
      `another program is setting up the MySQL database (waited ${LOCK_WAIT_S} s)`,
    );
  }
  try {
    await link.run([{ sql: LIST }]);
    for (const migration of stepsToDo(await appliedSteps(link), migrations)) {
      await apply(link, migration, clock.now());
      logger.info({ version: migration.version, name: migration.name }, 'MySQL: step applied');
    }
    await finish?.(link);
  } finally {
    if (link.isOpen) await link.run([{ sql: 'SELECT RELEASE_LOCK(?)', values: [lock] }]);
  }
}

async function apply(link: Link, migration: Migration, now: number): Promise<void> {
  for (const sql of migration.statements) {
    await link.run([{ sql }]).catch((error) => {
      const expected = sql.startsWith('RENAME TABLE') ? RENAMED_ALREADY : DONE_ALREADY;
      if (!hasErrno(error, ...expected)) throw error;
    });
  }
  const { version, name } = migration;
  await link.run([
    { sql: 'INSERT INTO schema_migrations VALUES ?', values: [[[version, name, checksumOf(migration), now]]] },
  ]);
}

/** Checksums of the applied steps, by version; empty if none was applied. */
export async function appliedSteps(link: Link): Promise<Map<number, string>> {
  try {
    const [answer] = await link.run([{ sql: 'SELECT version, checksum FROM schema_migrations ORDER BY version' }]);
    return new Map(answer?.rows.map(([version, checksum]) => [version as number, checksum as string]));
  } catch (error) {
    if (hasErrno(error, NO_SUCH_TABLE)) return new Map();
    throw error;
  }
}

/**
 * The steps not yet applied. Errors: `config_invalid` if the database has steps that this program does not know (from a
 * newer program) or knows with other statements.
 */
export function stepsToDo(applied: ReadonlyMap<number, string>, migrations: readonly Migration[]): Migration[] {
  const newest = Math.max(0, ...applied.keys());
  const known = migrations.at(-1)?.version ?? 0;
  if (newest > known) {
    throw new ImError(
      'config_invalid',
      `the MySQL database has version ${newest}, but this program knows only versions up to ${known}: run the newer program`,
    );
  }
  for (const migration of migrations) {
    const checksum = applied.get(migration.version);
    if (checksum === undefined || checksum === checksumOf(migration)) continue;
    throw new ImError(
      'config_invalid',
      `step ${migration.version} (${migration.name}) of the MySQL database differs from this program's: another build applied it`,
    );
  }
  return migrations.filter(({ version }) => !applied.has(version));
}
