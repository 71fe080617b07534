import type { Row } from './chunk.ts';
import type { RunWriter } from './run-writer.ts';
import type { SortedTable } from './sorted-table.ts';

/** Rows in memory, on their way into a sorted table. */
export interface FlushSource {
  table: SortedTable;
  /** In the order of their keys. Read over several transactions; the first reading decides which rows there are. */
  rows: Iterable<Row>;
  /** The table has the rows; called in the transaction that adds them. */
  finished?(): void;
  /** Removes the rows from memory, some at each step. Until the last step, memory and the table both have some. */
  release: Iterable<unknown>;
}

/** A flush in three stages, each over several transactions but the second: write, finish, release. */
export class RunFlush {
  readonly #table: SortedTable;
  readonly #rows: Iterator<Row>;
  readonly #release: Iterator<unknown>;
  readonly #finished: FlushSource['finished'];
  #writer: RunWriter | undefined;

  constructor({ table, rows, finished, release }: FlushSource) {
    this.#table = table;
    this.#rows = rows[Symbol.iterator]();
    this.#release = release[Symbol.iterator]();
    this.#finished = finished;
  }

  /** Writes at most so many rows; returns how many: 0 when all are written. */
  write(limit: number): number {
    for (let written = 0; written < limit; written++) {
      const next = this.#rows.next();
      if (next.done === true) return written;
      this.#writer ??= this.#table.begin();
      this.#writer.add(next.value);
    }
    return limit;
  }

  /** From now on, the table has the rows. */
  finish(): void {
    if (this.#writer !== undefined) this.#table.add(this.#writer);
    this.#finished?.();
  }

  /** Makes at most so many steps; returns how many: 0 when memory is released. */
  release(limit: number): number {
    for (let made = 0; made < limit; made++) if (this.#release.next().done === true) return made;
    return limit;
  }
}
