import type { Database } from '../sqlite/database.ts';
import { Zones } from './zones.ts';

export type Seq = number;

/** Folding begins when this many messages are not in the index yet: it bounds what opening has to read. */
const FOLD_AT = 20_000;
/** Index rows written per commit, at least; and per message added by that commit. */
const FOLD_ROWS = 100;
const FOLD_FACTOR = 2;

const INSERT = 'INSERT INTO messages (seq, id, conversation, side, status, steps, body) VALUES (?, ?, ?, ?, 0, ?, ?)';

/**
 * Messages in the order of their arrival, and the index that finds them by conversation. A row is appended; its index row,
 * which lies somewhere in a large table, is kept in memory and written later with many others (as in `Journal`; here the
 * messages themselves say what is not indexed yet).
 */
export class MessageTable {
  readonly #db: Database;
  readonly #zones: Zones;
  /** Not in the index (or perhaps not): sequence numbers by conversation and id. */
  readonly #recent = new Map<number, Map<string, Seq>>();
  #unindexed = 0;
  #added = 0;
  #next = 1;
  #folding: { conversations: number[]; upTo: Seq } | undefined;

  constructor(db: Database) {
    this.#db = db;
    this.#zones = new Zones(db);
  }

  reload(): void {
    this.#recent.clear();
    this.#unindexed = 0;
    this.#added = 0;
    this.#folding = undefined;
    this.#next = this.#db.number('SELECT max(seq) FROM messages') + 1;
    this.#zones.reload(this.#next);
    const indexed = this.#db.number("SELECT value FROM meta WHERE key = 'indexed_seq'");
    for (const [seq, id, conversation] of this.#db.iterate(
      'SELECT seq, id, conversation FROM messages WHERE seq > ?',
      indexed,
    )) {
      this.#remember(conversation as number, id as string, seq as Seq);
    }
  }

  find(conversation: number, id: string): Seq | undefined {
    const recent = this.#recent.get(conversation)?.get(id);
    if (recent !== undefined) return recent;
    return this.#db.get('SELECT seq FROM history WHERE conversation = ? AND id = ?', conversation, id)?.[0] as
      | Seq
      | undefined;
  }

  /** Adds a message unless it is there. */
  add(conversation: number, id: string, side: number, body: string, steps: string): void {
    if (this.find(conversation, id) !== undefined) return;
    const seq = this.#next++;
    this.#db.run(INSERT, seq, id, conversation, side, steps, body);
    this.#zones.add(seq, id);
    this.#remember(conversation, id, seq);
    this.#added++;
  }

  remove(conversation: number, id: string): void {
    const seq = this.find(conversation, id);
    if (seq === undefined) return;
    this.#db.run('DELETE FROM messages WHERE seq = ?', seq);
    this.#db.run('DELETE FROM history WHERE conversation = ? AND id = ?', conversation, id);
    if (this.#recent.get(conversation)?.delete(id)) this.#unindexed--;
  }

  /** Newest first: ids in (after, before). */
  page(conversation: number, before: string, after: string, limit: number): Seq[] {
    const found = new Map<string, Seq>();
    for (const [id, seq] of this.#recent.get(conversation) ?? []) if (id > after && id < before) found.set(id, seq);
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

  /** The conversation's number and the place of a message known by its id alone. */
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
  fold(): void {
    if (this.#folding === undefined && this.#unindexed >= FOLD_AT) {
      this.#folding = { conversations: [...this.#recent.keys()].sort((a, b) => b - a), upTo: this.#next - 1 };
    }
    const added = this.#added;
    this.#added = 0;
    if (this.#folding === undefined || added === 0) return;
    const { conversations, upTo } = this.#folding;
    for (let left = Math.max(FOLD_ROWS, added * FOLD_FACTOR); left > 0; ) {
      const conversation = conversations.pop();
      if (conversation === undefined) {
        this.#db.run("INSERT OR REPLACE INTO meta VALUES ('indexed_seq', ?)", upTo);
        this.#folding = undefined;
        return;
      }
      left -= this.#foldConversation(conversation);
    }
  }

  #foldConversation(conversation: number): number {
    const ids = this.#recent.get(conversation);
    if (ids === undefined) return 0;
    for (const [id, seq] of ids) this.#db.run('INSERT OR IGNORE INTO history VALUES (?, ?, ?)', conversation, id, seq);
    this.#recent.delete(conversation);
    this.#unindexed -= ids.size;
    return ids.size;
  }

  #remember(conversation: number, id: string, seq: Seq): void {
    const ids = this.#recent.get(conversation);
    if (ids === undefined) this.#recent.set(conversation, new Map([[id, seq]]));
    else ids.set(id, seq);
    this.#unindexed++;
  }
}
