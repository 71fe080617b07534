import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Writes `store.db` as release 0.1 left it (schema 9): version-9.sql is the dump of a file that it wrote. The first
 * part was written with every transaction flushed into the tables, the second one is in its journal;
 * one-per-user.test.ts lists the contents. `changes`: SQL that then runs.
 */
export function writeFormerStore(dataDir: string, changes = ''): void {
  mkdirSync(dataDir, { recursive: true });
  const file = new DatabaseSync(join(dataDir, 'store.db'));
  file.exec(readFileSync(join(import.meta.dirname, 'version-9.sql'), 'utf8'));
  file.exec(changes);
  file.close();
}
