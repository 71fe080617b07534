import type { Database } from '../../sqlite/database.ts';
import { damaged } from '../../sqlite/file-faults.ts';
import { LOG_COLUMNS, type LogRow, logRowOf, logValues } from './log-row.ts';
import type { User, Users } from './users.ts';

const PAGE = `SELECT ${LOG_COLUMNS} FROM inbox WHERE user = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?`;
const ENTRY = `SELECT ${LOG_COLUMNS} FROM inbox WHERE user = ? AND position = ?`;
const INSERT = `INSERT INTO inbox (user, position, ${LOG_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The users' inboxes: the newest entries in memory (and in the journal), the others in the table. */
export class Logs {
  readonly #db: Database;
  readonly #users: Users;

  constructor(db: Database, users: Users) {
    this.#db = db;
    this.#users = users;
  }

  /** Appends the entry at the log's next position. */
  append(user: User, row: LogRow): number {
    user.tail.push(row);
    this.#users.dirty.set(user.id, user);
    return ++user.head;
  }

  /**
   * Appends a journal's entry again, unless the table has it. Errors: `data_damaged` for a gap, which must not be
   * filled (C10).
   */
  replay(user: User, position: number, row: LogRow): void {
    if (position <= user.head) return;
    if (position > user.head + 1) throw gapAt(this.#db, user.head + 1, user.id);
    this.append(user, row);
  }

  /** Undefined when it was trimmed or never existed. */
  entry(user: User, position: number): LogRow | undefined {
    if (position > user.flushed) return user.tail[position - user.flushed - 1];
    const values = this.#db.get(ENTRY, user.id, position);
    return values === undefined ? undefined : logRowOf(values, user.id);
  }

  /** The entries after a position, without gaps; the first one's position is `max(after, floor) + 1`. */
  page(user: User, after: number, limit: number): LogRow[] {
    const start = Math.max(after, user.floor);
    const rows =
      start < user.flushed
        ? this.#db.all(PAGE, user.id, start, user.flushed, limit).map((values) => logRowOf(values, user.id))
        : [];
    const from = Math.max(0, start - user.flushed);
    return rows.length < limit ? rows.concat(user.tail.slice(from, from + limit - rows.length)) : rows;
  }

  /** Moves at most `limit` entries of the tail into the table. Returns their number. */
  flush(user: User, limit = Number.POSITIVE_INFINITY): number {
    const rows = user.tail.splice(0, limit);
    for (const [i, row] of rows.entries()) {
      this.#db.run(INSERT, user.id, user.flushed + 1 + i, ...logValues(row));
    }
    user.flushed += rows.length;
    if (user.tail.length === 0) this.#users.dirty.delete(user.id);
    return rows.length;
  }
}

/** `data_damaged` for a journal that lacks a position of a user's inbox. */
export function gapAt({ path }: Pick<Database, 'path'>, position: number, user: number): Error {
  return damaged(path, `has a gap: its journal lacks position ${position} of the inbox of user ${user}`);
}
