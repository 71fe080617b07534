import type { Database } from '../../sqlite/database.ts';

/** What a tally counts: messages of a group, those that mention all, and for one user: */
const KINDS = 4;
export const Who = {
  messages: 0,
  toAll: 1,
  /** The user's own messages. */
  own: (user: number) => user * KINDS,
  /** The user's own messages that mention all. */
  ownToAll: (user: number) => user * KINDS + 1,
  /** Messages of others that mention the user by name. */
  named: (user: number) => user * KINDS + 2,
};

/** The number of messages up to an id, for one `who`. */
interface Tally {
  id: string;
  total: number;
}

/** What a group's message adds: repeated pairs of `who` and total. */
export type Totals = readonly number[];

const UP_TO = 'SELECT total FROM tallies WHERE conversation = ? AND who = ? AND id <= ? ORDER BY id DESC LIMIT 1';
const EXACT = 'SELECT 1 FROM tallies WHERE conversation = ? AND who = ? AND id = ?';
const BETWEEN = 'SELECT count(*) FROM tallies WHERE conversation = ? AND who = ? AND id > ? AND id < ?';
const INSERT = 'INSERT OR REPLACE INTO tallies VALUES (?, ?, ?, ?)';
/** Above every message id. */
const NO_BOUND = '~';

/** Running totals of groups: the newest in memory (and in the journal), the others in the table. */
export class Tallies {
  readonly #db: Database;
  /** By conversation and `who`, rising. */
  readonly #tails = new Map<number, Map<number, Tally[]>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The total up to a message, included; without one: of all. */
  total(conversation: number, who: number, upTo = NO_BOUND): number {
    const tail = this.#tails.get(conversation)?.get(who) ?? [];
    const known = tail.findLast(({ id }) => id <= upTo);
    return known?.total ?? this.#db.number(UP_TO, conversation, who, upTo);
  }

  /** Whether the message itself counts for `who`. */
  has(conversation: number, who: number, id: string): boolean {
    const tail = this.#tails.get(conversation)?.get(who) ?? [];
    return tail.some((tally) => tally.id === id) || this.#db.get(EXACT, conversation, who, id) !== undefined;
  }

  /** How many messages after an id count for `who`, by their rows: whatever the totals say. */
  countAfter(conversation: number, who: number, id: string): number {
    const tail = this.#tails.get(conversation)?.get(who) ?? [];
    const flushed = this.#db.number(BETWEEN, conversation, who, id, tail[0]?.id ?? NO_BOUND);
    return flushed + tail.filter((tally) => tally.id > id).length;
  }

  /** A new message counts for these; its id is higher than those before. */
  add(conversation: number, id: string, whos: readonly number[]): Totals {
    const totals = whos.flatMap((who) => [who, this.total(conversation, who) + 1]);
    this.put(conversation, id, totals);
    return totals;
  }

  put(conversation: number, id: string, totals: Totals): void {
    const tails = this.#tails.get(conversation) ?? new Map<number, Tally[]>();
    this.#tails.set(conversation, tails);
    for (let i = 0; i < totals.length; i += 2) {
      const tally = { id, total: totals[i + 1] ?? 0 };
      const tail = tails.get(totals[i] ?? 0);
      if (tail === undefined) tails.set(totals[i] ?? 0, [tally]);
      else tail.push(tally);
    }
  }

  /** Brings those of a conversation into the table's order, for a flush. */
  sort(conversation: number): void {
    const tails = this.#tails.get(conversation);
    if (tails !== undefined) this.#tails.set(conversation, new Map([...tails].sort(([a], [b]) => a - b)));
  }

  /** Moves at most `limit` tallies of a conversation into the table. Returns their number. */
  flush(conversation: number, limit: number): number {
    const tails = this.#tails.get(conversation) ?? new Map<number, Tally[]>();
    let flushed = 0;
    for (const [who, tail] of tails) {
      const rows = tail.splice(0, limit - flushed);
      for (const { id, total } of rows) this.#db.run(INSERT, conversation, who, id, total);
      flushed += rows.length;
      if (tail.length > 0) return flushed;
      tails.delete(who);
    }
    this.#tails.delete(conversation);
    return flushed;
  }

  clear(): void {
    this.#tails.clear();
  }
}
