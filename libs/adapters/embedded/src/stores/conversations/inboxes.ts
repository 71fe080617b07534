import type { Database, Row } from '../../sqlite/database.ts';
import { damaged } from '../../sqlite/file-faults.ts';
import type { EntryType, InboxRow } from './inbox-row.ts';
import type { User, Users } from './users.ts';

const COLUMNS = 'at, type, conversation, ref, body, previous';
const PAGE = `SELECT ${COLUMNS} FROM inbox WHERE user = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?`;
const INSERT = `INSERT INTO inbox (user, position, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

function toRow([at, type, conversation, ref, body, previous]: Row): InboxRow {
  return {
    at: at as number,
    type: type as EntryType,
    conversation: conversation as number | null,
    ref: ref as string | null,
    body: body as string,
    previous: previous as number,
  };
}

/** The users' logs: the newest entries in memory (and in the journal), the others in the table. */
export class Inboxes {
  readonly #db: Database;
  readonly #users: Users;

  constructor(db: Database, users: Users) {
    this.#db = db;
    this.#users = users;
  }

  /** Gives the entry the user's next position. */
  append(user: User, row: InboxRow): number {
    user.tail.push(row);
    this.#users.dirty.set(user.id, user);
    return ++user.head;
  }

  /** Appends again what the journal has, unless the table has it. Errors: `data_damaged` for a gap, which nothing may fill (C10). */
  replay(user: User, position: number, row: InboxRow): void {
    if (position <= user.head) return;
    if (position > user.head + 1) {
      throw damaged(
        this.#db.path,
        `has a gap: its journal lacks position ${user.head + 1} of the inbox of user ${user.id}`,
      );
    }
    this.append(user, row);
  }

  /** Undefined when it is trimmed or was never given out. */
  entry(user: User, position: number): InboxRow | undefined {
    if (position > user.flushed) return user.tail[position - user.flushed - 1];
    const row = this.#db.get(`SELECT ${COLUMNS} FROM inbox WHERE user = ? AND position = ?`, user.id, position);
    return row === undefined ? undefined : toRow(row);
  }

  /** The entries after a position, without gaps; the first one's position is `max(after, floor) + 1`. */
  page(user: User, after: number, limit: number): InboxRow[] {
    const start = Math.max(after, user.floor);
    const rows = start < user.flushed ? this.#db.all(PAGE, user.id, start, user.flushed, limit).map(toRow) : [];
    const from = Math.max(0, start - user.flushed);
    return rows.length < limit ? rows.concat(user.tail.slice(from, from + limit - rows.length)) : rows;
  }

  /** Moves the tail into the table. Returns how many entries. */
  flush(user: User): number {
    const { tail } = user;
    if (tail.length === 0) return 0;
    for (const [i, row] of tail.entries()) {
      const { at, type, conversation, ref, body, previous } = row;
      this.#db.run(INSERT, user.id, user.flushed + 1 + i, at, type, conversation, ref, body, previous);
    }
    user.flushed = user.head;
    user.tail = [];
    this.#users.dirty.delete(user.id);
    return tail.length;
  }
}
