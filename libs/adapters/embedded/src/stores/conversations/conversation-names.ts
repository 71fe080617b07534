import { ByteReader, ByteWriter } from '../../runs/bytes.ts';
import type { Row } from '../../runs/chunk.ts';
import { hashOf } from '../../runs/filter.ts';
import { keyOfText } from '../../runs/keys.ts';
import { RunFlush } from '../../runs/run-flush.ts';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { Database } from '../../sqlite/database.ts';

const NAMED = 'SELECT id, name FROM conversations WHERE id > ?';

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
    const taken: [name: string, id: number][] = [];
    return new RunFlush({
      table: this.#table,
      rows: this.#rows(taken),
      finished: () => {
        const [, last] = taken.at(-1) ?? [];
        if (last !== undefined) this.#db.run("INSERT OR REPLACE INTO meta VALUES ('named_to', ?)", last);
      },
      release: this.#release(taken),
    });
  }

  *#rows(taken: [name: string, id: number][]): Iterable<Row> {
    for (const named of this.#recent) taken.push(named);
    const rows = taken.map(([name, id]) => nameRow(name, id));
    yield* rows.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  *#release(taken: readonly [name: string, id: number][]): Iterable<void> {
    for (const [name] of taken) {
      this.#recent.delete(name);
      yield;
    }
  }
}
