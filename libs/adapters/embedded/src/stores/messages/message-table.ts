import { RecentMap } from '@chasqui/kit/base';
import type { RunFlush } from '../../runs/run-flush.ts';
import type { SortedTables } from '../../runs/sorted-tables.ts';
import type { Database } from '../../sqlite/database.ts';
import { HistoryTable } from './history-table.ts';
import { IdZoneMap } from './id-zone-map.ts';
import { MESSAGE_COLUMNS, type MessageRow, messageRowOf, messageValues, type Seq } from './message-row.ts';
import { checksumOf } from './stored-body.ts';
import { type Filed, UnindexedMessages } from './unindexed-messages.ts';

/** Index rows written, or released from memory, per commit, at least, and per message added by that commit. */
const FLUSH_ROWS = 100;
const FLUSH_FACTOR = 2;

const INSERT = `INSERT INTO messages (${MESSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
/** Conversations whose newest message is cached. */
const CACHED = 50_000;

/** The values of a new message's row; the others follow from them. */
export type NewRow = Pick<MessageRow, 'id' | 'conversation' | 'steps' | 'body' | 'sender' | 'audience'>;

const UNINDEXED = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE seq > ?`;

/**
 * Messages in the order of arrival, and the index by conversation. A row is appended. Its index row belongs somewhere
 * in a large table, so it is kept in memory and later written with many others (as in `Journal`; here the messages
 * table itself shows what is not indexed yet).
 */
export class MessageTable {
  readonly #db: Database;
  readonly #history: HistoryTable;
  readonly #zones: IdZoneMap;
  readonly #flushAt: number;
  /** Messages that are possibly not in the index. */
  readonly #recent = new UnindexedMessages();
  /** The newest id of a conversation: a higher id does not exist, which saves a look-up. */
  readonly #newest = new RecentMap<number, string>(CACHED);
  /** Of conversations with higher numbers, the index has nothing. */
  #indexedTo = 0;
  #added = 0;
  #next: Seq = 1;
  #flushing: RunFlush | undefined;
  #isFlushed = false;

  constructor(db: Database, tables: SortedTables, flushAt: number) {
    this.#db = db;
    this.#history = new HistoryTable(db, tables);
    this.#flushAt = flushAt;
    this.#zones = new IdZoneMap(db);
  }

  reload(): void {
    this.#recent.clear();
    this.#newest.clear();
    this.#added = 0;
    this.#flushing = undefined;
    const indexed = this.#db.number("SELECT value FROM meta WHERE key = 'indexed_seq'");
    // The newest row may have been removed: indexed row ids are not assigned again.
    const last = Math.max(indexed, this.#db.number('SELECT max(seq) FROM messages'));
    this.#next = last + 1;
    this.#zones.reload(this.#next);
    this.#indexedTo = this.#db.number('SELECT max(id) FROM conversations');
    for (const values of this.#db.iterate(UNINDEXED, indexed)) this.#remember(messageRowOf(values));
  }

  /** The address of a recent message; undefined: it is not in memory. */
  recent(conversation: number, id: string): Filed | undefined {
    return this.#recent.get(conversation, id);
  }

  find(conversation: number, id: string): Seq | undefined {
    const recent = this.#recent.get(conversation, id);
    if (recent !== undefined) return recent.seq;
    return this.#history.find(conversation, id);
  }

  /** Adds a message unless it exists. */
  add(row: NewRow): void {
    const { conversation, id, body } = row;
    const newest = this.#newestOf(conversation);
    if (id <= newest && this.find(conversation, id) !== undefined) return;
    if (id > newest) this.#newest.set(conversation, id);
    const seq = this.#next++;
    const added = { ...row, seq, checksum: checksumOf(body), recalledAt: null, revision: 0 };
    this.#db.run(INSERT, ...messageValues(added));
    this.#zones.add(seq, id);
    this.#remember(added);
    this.#added++;
  }

  #newestOf(conversation: number): string {
    const cached = this.#newest.get(conversation);
    if (cached !== undefined) return cached;
    const recent = this.#recent.newest(conversation);
    let newest = conversation > this.#indexedTo ? '' : this.#history.newest(conversation);
    if (recent > newest) newest = recent;
    this.#newest.set(conversation, newest);
    return newest;
  }

  remove(conversation: number, id: string): void {
    const seq = this.find(conversation, id);
    if (seq === undefined) return;
    for (const table of ['messages', 'progress']) this.#db.run(`DELETE FROM ${table} WHERE seq = ?`, seq);
    this.#recent.delete(conversation, id);
  }

  /** Newest first: ids in (after, before). */
  page(conversation: number, before: string, after: string, limit: number): Seq[] {
    const found = new Map<string, Seq>();
    for (const { id, seq } of this.#recent.between(conversation, { after, before })) found.set(id, seq);
    let left = limit;
    for (const [id, seq] of this.#history.down(conversation, { before, after })) {
      if (left-- === 0) break;
      found.set(id, seq);
    }
    return [...found.entries()]
      .sort(([a], [b]) => (a < b ? 1 : -1))
      .slice(0, limit)
      .map(([, seq]) => seq);
  }

  /** Not lower than any id; empty: there is none. */
  newest(): string {
    return this.#zones.newest();
  }

  /** The conversation's number and the row id of a message, by its message id alone. */
  locate(id: string): { conversation: number; seq: Seq } | undefined {
    for (const [first, last] of this.#zones.candidates(id)) {
      const row = this.#db.get(
        'SELECT conversation, seq FROM messages WHERE seq BETWEEN ? AND ? AND id = ?',
        first,
        last,
        id,
      );
      if (row !== undefined) return { conversation: row[0] as number, seq: row[1] as Seq };
    }
    return undefined;
  }

  /** Writes a slice of the index. Called once before each commit. */
  flush(): void {
    const added = this.#added;
    this.#added = 0;
    if (added === 0) return;
    if (this.#flushing === undefined && this.#recent.size >= this.#flushAt) this.#startFlush();
    if (this.#flushing === undefined) return;
    const rows = Math.max(FLUSH_ROWS, added * FLUSH_FACTOR);
    if (!this.#isFlushed) {
      if (this.#flushing.write(rows) === rows) return;
      this.#flushing.finish();
      this.#isFlushed = true;
    } else if (this.#flushing.release(rows) < rows) this.#flushing = undefined;
  }

  #startFlush(): void {
    this.#isFlushed = false;
    const upTo = this.#next - 1;
    this.#flushing = this.#history.flush(
      () => {
        const all = this.#recent.all();
        for (const { conversation } of all) this.#indexedTo = Math.max(this.#indexedTo, conversation);
        return all;
      },
      () => this.#db.run("INSERT OR REPLACE INTO meta VALUES ('indexed_seq', ?)", upTo),
      (indexed) => this.#recent.forget(indexed),
    );
  }

  #remember({ conversation, id, seq, sender, audience }: Filed & NewRow): void {
    this.#recent.add(conversation, { id, seq, sender, audience });
  }
}
