import {
  hasFolded,
  indexTokens,
  isMessageId,
  type SearchTerm,
  searchTerms,
  statusOfRank,
  timeOf,
} from '@chasqui/domain';
import type { SearchHit, SearchQuery } from '@chasqui/ports';
import type { Database, Row } from '../sqlite/database.ts';
import type { Names } from './names.ts';
import { DOCUMENT_WIDTH, type DocumentRow, type WriteReply } from './search-operations.ts';
import { SLOTS, slotBase, slotsBelow } from './slots.ts';

const COLUMNS = 'id, conversation, "from", users, text, sent_at, status, version';

/**
 * One index: a table of documents and the full text of their searchable words. Both have row ids in the order of
 * message ids (see slots.ts), so the newest hits are read first and the rest never. Logs and the conversation are
 * words in a separate column that users' queries cannot address, so the match itself restricts whose messages are
 * searched (C13).
 */
export class Generation {
  readonly number: number;
  readonly #db: Database;
  readonly #names: Names;
  readonly #docs: string;
  readonly #words: string;
  /** The SQL texts are built once: to look up a statement by a newly built text costs as much as running it. */
  readonly #sql: { readonly [Statement in 'find' | 'add' | 'change' | 'unindex' | 'index' | 'last']: string };

  constructor(db: Database, names: Names, number: number) {
    this.number = number;
    this.#db = db;
    this.#names = names;
    this.#docs = `docs_${number}`;
    this.#words = `words_${number}`;
    this.#sql = {
      find: `SELECT slot, version, text, users FROM ${this.#docs} WHERE id = ?`,
      add: `INSERT INTO ${this.#docs} (slot, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      change: `UPDATE ${this.#docs} SET users = ?, text = ?, sent_at = ?, status = ?, version = ? WHERE slot = ?`,
      unindex: `DELETE FROM ${this.#words} WHERE rowid = ?`,
      index: `INSERT INTO ${this.#words} (rowid, whose, words) VALUES (?, ?, ?)`,
      last: `SELECT max(slot) FROM ${this.#docs} WHERE slot >= ? AND slot < ?`,
    };
  }

  create(): void {
    // Words are already tokenized and separated by spaces: the tokenizer must split nothing else.
    this.#db.exec(`
      CREATE TABLE ${this.#docs} (slot INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
        "from" TEXT NOT NULL, users TEXT NOT NULL, sent_at INTEGER NOT NULL, status INTEGER NOT NULL,
        version INTEGER NOT NULL, text TEXT NOT NULL);
      CREATE VIRTUAL TABLE ${this.#words} USING fts5(
        whose, words, content='', contentless_delete=1, detail=column, tokenize='ascii')`);
  }

  drop(): void {
    this.#db.exec(`DROP TABLE IF EXISTS ${this.#docs}; DROP TABLE IF EXISTS ${this.#words}`);
  }

  write(rows: readonly (string | number)[]): WriteReply {
    const reply: WriteReply = [];
    for (let i = 0; i < rows.length; i += DOCUMENT_WIDTH) {
      reply.push(this.#writeOne(rows.slice(i, i + DOCUMENT_WIDTH) as DocumentRow));
    }
    return reply;
  }

  remove(id: string): void {
    const slot = this.#db.get(`SELECT slot FROM ${this.#docs} WHERE id = ?`, id)?.[0];
    if (slot === undefined) return;
    this.#db.run(`DELETE FROM ${this.#docs} WHERE slot = ?`, slot);
    this.#db.run(this.#sql.unindex, slot);
  }

  search({ logs, text, conversationId, above = '', below, after, limit }: SearchQuery): SearchHit[] {
    const known = logs === 'all' ? [] : logs.map((log) => this.#names.find(log)).filter((log) => log !== undefined);
    const conversation = conversationId === undefined ? 0 : this.#names.find(conversationId);
    const terms = searchTerms(text);
    if ((logs !== 'all' && known.length === 0) || conversation === undefined || terms.length === 0) return [];
    const scopes = [known.map((log) => `n${log}`).join(' OR '), conversation === 0 ? '' : `n${conversation}`];
    const whose = scopes.flatMap((scope) => (scope === '' ? [] : [`(${scope})`])).join(' AND ');
    const scopeBefore = (place: string | undefined) => ({
      whose,
      above,
      before: place === undefined || (below !== undefined && below < place) ? below : place,
    });
    const isFoldedPage = after?.exact === false;
    const exact = isFoldedPage ? [] : this.#newest(scopeBefore(after?.messageId), exactMatch(terms), limit);
    const hits = exact.map((hit) => ({ ...hit, exact: true }));
    if (hits.length >= limit || !hasFolded(terms)) return hits;
    const others = this.#newest(
      scopeBefore(isFoldedPage ? after.messageId : undefined),
      `(${foldedMatch(terms)}) NOT (${exactMatch(terms)})`,
      limit - hits.length,
    );
    return [...hits, ...others.map((hit) => ({ ...hit, exact: false }))];
  }

  #newest({ whose, above, before }: Scope, words: string, limit: number): Found[] {
    const rows = this.#db.iterate(
      `SELECT d.slot, ${COLUMNS} FROM ${this.#words} w CROSS JOIN ${this.#docs} d ON d.slot = w.rowid
       WHERE ${this.#words} MATCH ? AND w.rowid < ? AND w.rowid >= ? ORDER BY w.rowid DESC`,
      `${whose === '' ? '' : `whose : (${whose}) AND `}words : (${words})`,
      before === undefined ? Number.MAX_SAFE_INTEGER : slotsBelow(before),
      above === '' ? Number.MIN_SAFE_INTEGER : slotBase(timeOf(above)),
    );
    return newest(rows, { above, before }, limit);
  }

  #writeOne([id, conversation, from, users, text, sentAt, status, version]: DocumentRow): string | null {
    if (!isMessageId(id)) return `not a message id: ${id}`;
    const sql = this.#sql;
    const known = this.#db.get(sql.find, id);
    if (known !== undefined && (known[1] as number) >= version) return null;
    const slot = (known?.[0] as number | undefined) ?? this.#freeSlot(id);
    if (known === undefined) {
      this.#db.run(sql.add, slot, id, conversation, from, users, text, sentAt, status, version);
    } else {
      this.#db.run(sql.change, users, text, sentAt, status, version, slot);
      if (known[2] === text && known[3] === users) return null;
      this.#db.run(sql.unindex, slot);
    }
    const tokens = indexTokens(text);
    if (tokens.length === 0) return null;
    const whose = [...users.split(','), conversation].map((name) => `n${this.#names.obtain(name)}`).join(' ');
    this.#db.run(sql.index, slot, whose, tokens.join(' '));
    return null;
  }

  #freeSlot(id: string): number {
    for (let base = slotBase(timeOf(id)); ; base += SLOTS) {
      const row = this.#db.get(this.#sql.last, base, base + SLOTS);
      const last = row?.[0] as number | null;
      if (last === null) return base;
      if (last + 1 < base + SLOTS) return last + 1;
    }
  }
}

type Found = Omit<SearchHit, 'exact'>;

/** What is searched: documents whose `whose` matches, with ids greater than `above` and smaller than `before`. */
interface Scope {
  whose: string;
  above: string;
  before: string | undefined;
}

function exactMatch(terms: readonly SearchTerm[]): string {
  return terms.map(({ exact }) => `"${exact}"`).join(' AND ');
}

function foldedMatch(terms: readonly SearchTerm[]): string {
  const either = ({ tokens, beginnings }: SearchTerm) =>
    [...tokens.map((token) => `"${token}"`), ...beginnings.map((start) => `"${start}"*`)].join(' OR ');
  return terms.map((term) => `(${either(term)})`).join(' AND ');
}

/** The first `limit` hits by id. The rows are in slot order, which is the order of ids to the millisecond. */
function newest(rows: Iterable<Row>, { above, before }: Omit<Scope, 'whose'>, limit: number): Found[] {
  const hits: Found[] = [];
  const byId = (a: Found, b: Found) => (a.messageId < b.messageId ? 1 : -1);
  for (const [slot, messageId, conversationId, from, , text, sentAt, status] of rows as Iterable<
    [number, string, string, string, string, string, number, number]
  >) {
    const last = hits[limit - 1];
    if (last !== undefined && slot < slotBase(timeOf(last.messageId))) break;
    if (messageId <= above || (before !== undefined && messageId >= before)) continue;
    hits.push({ messageId, conversationId, from, sentAt, status: statusOfRank(status), text });
    if (hits.length >= limit) hits.sort(byId).splice(limit);
  }
  return hits.sort(byId);
}
