import { ByteWriter } from '../../runs/bytes.ts';
import type { Row } from '../../runs/chunk.ts';
import { keyOf, numberIn } from '../../runs/keys.ts';
import { RunFlush } from '../../runs/run-flush.ts';
import type { SortedTable } from '../../runs/sorted-table.ts';
import { WaitingRows } from '../../runs/waiting-rows.ts';
import type { Database } from '../../sqlite/database.ts';
import { damaged } from '../../sqlite/file-faults.ts';
import { decodeLogRow, type LogRow, writeLogRow } from './log-row.ts';
import type { User, Users } from './users.ts';

const writer = new ByteWriter();

/** The users' inboxes: the newest entries in memory (and in the journal), the others in the table. */
export class Logs {
  readonly #db: Database;
  readonly #users: Users;
  readonly #table: SortedTable;
  readonly #waiting = new WaitingRows();

  constructor(db: Database, users: Users, table: SortedTable) {
    this.#db = db;
    this.#users = users;
    this.#table = table;
  }

  /** Appends the entry at the log's next position. */
  append(user: User, row: LogRow): number {
    writeLogRow(writer, row);
    const place = this.#waiting.add(writer);
    // `push` would make room for 16 more, and most users have one or two.
    if (user.tail.length === 0) user.tail = [place];
    else user.tail.push(place);
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
    if (position <= user.floor) return undefined;
    const place = user.tail[position - user.flushed - 1];
    if (place !== undefined) return decodeLogRow(this.#waiting.get(place), user.id);
    const value = position > user.flushed ? undefined : this.#table.get(keyOf(user.id, position));
    return value === undefined ? undefined : decodeLogRow(value, user.id);
  }

  /** The entries after a position, without gaps; the first one's position is `max(after, floor) + 1`. */
  page(user: User, after: number, limit: number): LogRow[] {
    const start = Math.max(after, user.floor);
    const rows: LogRow[] = [];
    const last = Math.min(user.flushed, start + limit);
    if (start < last) {
      const range = { from: keyOf(user.id, start + 1), to: keyOf(user.id, last) };
      for (const [key, value] of this.#table.between(range)) {
        if (numberIn(key, 1) !== start + 1 + rows.length) throw gapAt(this.#db, start + 1 + rows.length, user.id);
        rows.push(decodeLogRow(value, user.id));
      }
    }
    const from = Math.max(0, start - user.flushed);
    for (const place of user.tail.slice(from, from + limit - rows.length)) {
      rows.push(decodeLogRow(this.#waiting.get(place), user.id));
    }
    return rows;
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** Moves what is in memory into the table. */
  startFlush(): RunFlush {
    const taken: Taken[] = [];
    return new RunFlush({ table: this.#table, rows: this.#rows(taken), release: this.#release(taken) });
  }

  *#rows(taken: Taken[]): Iterable<Row> {
    for (const user of this.#users.dirty.values()) taken.push({ user, head: user.head });
    taken.sort((a, b) => a.user.id - b.user.id);
    for (const { user, head } of taken) {
      for (let position = Math.max(user.flushed, user.floor) + 1; position <= head; position++) {
        const place = user.tail[position - user.flushed - 1] as number;
        yield [keyOf(user.id, position), this.#waiting.get(place)];
      }
    }
  }

  *#release(taken: readonly Taken[]): Iterable<void> {
    let end = 0;
    for (const { user, head } of taken) {
      end = Math.max(end, user.tail[head - user.flushed - 1] ?? 0);
      user.tail = user.tail.slice(head - user.flushed);
      user.flushed = head;
      if (user.tail.length === 0) this.#users.dirty.delete(user.id);
      yield;
    }
    this.#waiting.dropBefore(end);
  }
}

/** The head of a user's inbox when a flush began. */
interface Taken {
  user: User;
  head: number;
}

/** `data_damaged` for a journal that lacks a position of a user's inbox. */
export function gapAt({ path }: Pick<Database, 'path'>, position: number, user: number): Error {
  return damaged(path, `has a gap: its journal lacks position ${position} of the inbox of user ${user}`);
}
