import { ByteReader, ByteWriter } from '../../runs/bytes.ts';
import type { Row } from '../../runs/chunk.ts';
import { hashOf } from '../../runs/filter.ts';
import { keyOfText } from '../../runs/keys.ts';
import { RunFlush } from '../../runs/run-flush.ts';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { Database } from '../../sqlite/database.ts';

const NAMED = 'SELECT id, name FROM conversations WHERE id > ?';

interface Named {
  hash: number;
  name: string;
  id: number;
}

const writer = new ByteWriter();

export function nameRow(name: string, id: number): Row {
  writer.varint(id);
  return [nameKey(name), writer.take()];
}

function nameKey(name: string): string {
  return keyOfText(hashOf(name, name.length), name);
}

/** Finds conversations by name: the newest in memory, the others in the table, by the hash of the name. */
export class ConversationNames {
  readonly #db: Database;
  readonly #table: SortedTable;
  readonly #recent = new Map<string, number>();

  constructor(db: Database, table: SortedTable) {
    this.#db = db;
    this.#table = table;
  }

  find(name: string): number | undefined {
    const recent = this.#recent.get(name);
    if (recent !== undefined) return recent;
    const value = this.#table.get(nameKey(name));
    return value === undefined ? undefined : new ByteReader(value).varint();
  }

  add(name: string, id: number): void {
    this.#recent.set(name, id);
  }

  /** The table has the conversations up to a number. */
  reload(): void {
    this.#recent.clear();
    const to = this.#db.number("SELECT value FROM meta WHERE key = 'named_to'");
    for (const [id, name] of this.#db.iterate(NAMED, to)) this.#recent.set(name as string, id as number);
  }

  /** Moves what is in memory into the table. */
  startFlush(): RunFlush {
    const taken: Named[] = [];
    return new RunFlush({
      table: this.#table,
      rows: this.#rows(taken),
      finished: () => {
        const last = taken.reduce((most, { id }) => Math.max(most, id), 0);
        if (last > 0) this.#db.run("INSERT OR REPLACE INTO meta VALUES ('named_to', ?)", last);
      },
      release: this.#release(taken),
    });
  }

  /** All are sorted at once, in one transaction: so by numbers, and the keys are made when they are written. */
  *#rows(taken: Named[]): Iterable<Row> {
    for (const [name, id] of this.#recent) taken.push({ hash: hashOf(name, name.length), name, id });
    taken.sort((a, b) => a.hash - b.hash || (nameKey(a.name) < nameKey(b.name) ? -1 : 1));
    for (const { name, id } of taken) yield nameRow(name, id);
  }

  *#release(taken: readonly Named[]): Iterable<void> {
    for (const { name } of taken) {
      this.#recent.delete(name);
      yield;
    }
  }
}
