import type { MessageId } from '@chasqui/domain';
import type { Database } from '../sqlite/database.ts';
import type { DocumentRow } from './search-operations.ts';
import { slotFor } from './slots.ts';

/** Separates the fields of a document; only its text, which is the last, may have it. */
const SEPARATOR = '\n';
/** Of a document that was removed, or has moved to another slot. Its slot is never used again. */
const GONE = '';

/** A document and its place in the order of message ids (see slots.ts). */
export interface StoredDocument {
  slot: number;
  row: DocumentRow;
}

function bodyOf([messageId, conversationId, from, logs, text, sentAt, status, version]: DocumentRow): string {
  return `${messageId}\n${conversationId}\n${from}\n${logs}\n${sentAt}\n${status}\n${version}\n${text}`;
}

function rowOf(body: string): DocumentRow {
  const [messageId = '', conversationId = '', from = '', logs = '', sentAt, status, version, ...text] =
    body.split(SEPARATOR);
  const numbers = [Number(sentAt), Number(status), Number(version)] as const;
  return [messageId, conversationId, from, logs, text.join(SEPARATOR), ...numbers];
}

/** The documents of one index, by slot. */
export class Documents {
  readonly #db: Database;
  readonly #table: string;
  /** The SQL texts are built once: to look up a statement by a newly built text costs as much as running it. */
  readonly #sql: { readonly [Statement in 'add' | 'get' | 'set']: string };

  constructor(db: Database, generation: number) {
    this.#db = db;
    this.#table = `documents_${generation}`;
    this.#sql = {
      add: `INSERT OR IGNORE INTO ${this.#table} (slot, body) VALUES (?, ?)`,
      get: `SELECT body FROM ${this.#table} WHERE slot = ?`,
      set: `UPDATE ${this.#table} SET body = ? WHERE slot = ?`,
    };
  }

  create(): void {
    this.#db.exec(`CREATE TABLE ${this.#table} (slot INTEGER PRIMARY KEY, body TEXT NOT NULL)`);
  }

  drop(): void {
    this.#db.exec(`DROP TABLE IF EXISTS ${this.#table}`);
  }

  at(slot: number): DocumentRow | undefined {
    const body = this.#body(slot);
    return body === undefined || body === GONE ? undefined : rowOf(body);
  }

  find(id: MessageId): StoredDocument | undefined {
    for (let attempt = 0; ; attempt++) {
      const slot = slotFor(id, attempt);
      const body = this.#body(slot);
      if (body === undefined) return undefined;
      if (body.startsWith(id)) return { slot, row: rowOf(body) };
    }
  }

  /** Adds a document, and returns its slot; or returns the one that has its id. */
  add(row: DocumentRow): number | StoredDocument {
    const [id] = row;
    const body = bodyOf(row);
    for (let attempt = 0; ; attempt++) {
      const slot = slotFor(id, attempt);
      if (this.#db.run(this.#sql.add, slot, body) === 1) return slot;
      const known = this.#body(slot) ?? GONE;
      if (known.startsWith(id)) return { slot, row: rowOf(known) };
    }
  }

  change(slot: number, row: DocumentRow): void {
    this.#db.run(this.#sql.set, bodyOf(row), slot);
  }

  remove(slot: number): void {
    this.#db.run(this.#sql.set, GONE, slot);
  }

  #body(slot: number): string | undefined {
    return this.#db.get(this.#sql.get, slot)?.[0] as string | undefined;
  }
}
