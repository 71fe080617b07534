import { ImError } from '@chasqui/domain';
import { hasErrno } from '../engine/failures.ts';
import type { Link } from '../engine/link.ts';
import { checksumOf, type Migration } from './migration.ts';

const NO_SUCH_TABLE = 1146;

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
