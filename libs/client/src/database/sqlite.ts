import type { ClientDatabase } from '../storing/store.ts';
import type { DatabaseBounds } from './bounds.ts';
import { database } from './database.ts';
import { openSqlite } from './sqlite-engine.ts';

export interface SqliteOptions extends DatabaseBounds {
  /** A path, made when it is not there; `:memory:` for tests. One client at a time. */
  file: string;
  /** The address of the server, and … */
  server: string;
  /** … the user whose data this is, as the server names them. The data of another user or server is deleted before anything is read. */
  userId: string;
}

/**
 * A database in a file, for Node 22.13 or later, and for other platforms with `node:sqlite`. A write survives the end of the
 * process. Errors: those of SQLite, when the file cannot be opened, and an `Error` when a later version of this package wrote it.
 */
export function sqliteStore({ file, server, userId, ...bounds }: SqliteOptions): ClientDatabase {
  return database(openSqlite(file, JSON.stringify([server, userId])), userId, bounds);
}
