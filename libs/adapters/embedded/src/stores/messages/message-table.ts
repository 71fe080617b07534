import { RecentMap } from '@chasqui/kit/base';
import type { Database } from '../../sqlite/database.ts';
import { IdZoneMap } from './id-zone-map.ts';
import { MESSAGE_COLUMNS, type MessageRow, messageRowOf, messageValues, type Seq } from './message-row.ts';
import { checksumOf } from './stored-body.ts';

/** Index rows written per commit, at least, and per message added by that commit. */
const FLUSH_ROWS = 100;
const FLUSH_FACTOR = 2;

const INSERT = `INSERT INTO messages (${MESSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
/** Conversations whose newest message is cached. */
const CACHED = 50_000;

/** The values of a new message's row; the others follow from them. */
export type NewRow = Pick<MessageRow, 'id' | 'conversation' | 'steps' | 'body' | 'sender' | 'audience'>;

/** A message's row id, sender and audience; null as in the row. */
export type Filed = Pick<MessageRow, 'seq' | 'sender' | 'audience'>;

const UNINDEXED = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE seq > ?`;

/**
 * Messages in the order of arrival, and the index by conversation. A row is appended. Its index row belongs somewhere
 * in a large table, so it is kept in memory and later written with many others (as in `Journal`; here the messages
 * table itself shows what is not indexed yet).
 */
export class MessageTable {
  readonly #db: Database;
  readonly #zones: IdZoneMap;
  readonly #flushAt: number;
  /** Messages that are possibly not in the index: by conversation and id. */
  readonly #recent = new Map<number, Map<string, Filed>>();
  /** The newest id of a conversation: a higher id does not exist, which saves a look-up. */
  readonly #newest = new RecentMap<number, string>(CACHED);
  #unindexed = 0;
  #added = 0;
  #next: Seq = 1;
  #flushing: { conversations: number[]; upTo: Seq } | undefined;

  constructor(db: Database, flushAt: number) {
    this.#db = db;
    this.#flushAt = flushAt;
    this.#zones = new IdZoneMap(db);
  }

  reload(): void {
    this.#recent.clear();
    this.#newest.clear();
    this.#unindexed = 0;
    this.#added = 0;
    this.#flushing = undefined;
    const indexed = this.#db.number("SELECT value FROM meta WHERE key = 'indexed_seq'");
    // The newest row may have been removed: indexed row ids are not assigned again.
    const last = Math.max(indexed, this.#db.number('SELECT max(seq) FROM messages'));
    this.#next = last + 1;
    this.#zones.reload(this.#next);
    for (const values of this.#db.iterate(UNINDEXED, indexed)) this.#remember(messageRowOf(values));
  }

  /** The address of a recent message; undefined: it is not in memory. */
  recent(conversation: number, id: string): Filed | undefined {
    return this.#recent.get(conversation)?.get(id);
  }

  find(conversation: number, id: string): Seq | undefined {
    const recent = this.#recent.get(conversation)?.get(id);
    if (recent !== undefined) return recent.seq;
    return this.#db.get('SELECT seq FROM history WHERE conversation = ? AND id = ?', conversation, id)?.[0] as
      | Seq
      | undefined;
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
    const indexed = this.#db.get('SELECT max(id) FROM history WHERE conversation = ?', conversation)?.[0];
    let newest = (indexed as string | null | undefined) ?? '';
    for (const id of this.#recent.get(conversation)?.keys() ?? []) if (id > newest) newest = id;
    this.#newest.set(conversation, newest);
    return newest;
  }

  remove(conversation: number, id: string): void {
    const seq = this.find(conversation, id);
    if (seq === undefined) return;
    for (const table of ['messages', 'progress']) this.#db.run(`DELETE FROM ${table} WHERE seq = ?`, seq);
    this.#db.run('DELETE FROM history WHERE conversation = ? AND id = ?', conversation, id);
    if (this.#recent.get(conversation)?.delete(id)) this.#unindexed--;
  }

  /** Newest first: ids in (after, before). */
  page(conversation: number, before: string, after: string, limit: number): Seq[] {
    const found = new Map<string, Seq>();
    for (const [id, { seq }] of this.#recent.get(conversation) ?? []) {
      if (id > after && id < before) found.set(id, seq);
    }
    for (const [id, seq] of this.#db.all(
      'SELECT id, seq FROM history WHERE conversation = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ?',
      ...[conversation, after, before, limit],
    )) {
      found.set(id as string, seq as Seq);
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
    if (this.#flushing === undefined && this.#unindexed >= this.#flushAt) {
      this.#flushing = {
        conversations: [...this.#recent.keys()].sort((a, b) => b - a),
        upTo: this.#next - 1,
      };
    }
    const added = this.#added;
    this.#added = 0;
    if (this.#flushing === undefined || added === 0) return;
    const { conversations, upTo } = this.#flushing;
    for (let left = Math.max(FLUSH_ROWS, added * FLUSH_FACTOR); left > 0; ) {
      const conversation = conversations.pop();
      if (conversation === undefined) {
        this.#db.run("INSERT OR REPLACE INTO meta VALUES ('indexed_seq', ?)", upTo);
        this.#flushing = undefined;
        return;
      }
      left -= this.#flushConversation(conversation);
    }
  }

  #flushConversation(conversation: number): number {
    const ids = this.#recent.get(conversation);
    if (ids === undefined) return 0;
    for (const [id, { seq }] of ids) {
      this.#db.run('INSERT OR IGNORE INTO history VALUES (?, ?, ?)', conversation, id, seq);
    }
    this.#recent.delete(conversation);
    this.#unindexed -= ids.size;
    return ids.size;
  }

  #remember({ conversation, id, seq, sender, audience }: Filed & NewRow): void {
    const filed = { seq, sender, audience };
    const ids = this.#recent.get(conversation);
    if (ids === undefined) this.#recent.set(conversation, new Map([[id, filed]]));
    else ids.set(id, filed);
    this.#unindexed++;
  }
}
