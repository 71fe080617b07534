import type { Database } from '../sqlite/database.ts';
import { damaged, isDamage } from '../sqlite/file-faults.ts';
import { ChunkTable } from './chunk-table.ts';
import type { Run } from './run.ts';
import { partsOf, REPLACED, UNFINISHED } from './run-writer.ts';
import { SortedTable, type TableOptions } from './sorted-table.ts';

export const RUNS_SCHEMA = `
-- Sorted runs: see SortedTable.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  family INTEGER NOT NULL,  -- the table's number
  tier INTEGER NOT NULL,    -- UNFINISHED, REPLACED, or how often its rows were merged
  age INTEGER NOT NULL, rows INTEGER NOT NULL,
  start INTEGER NOT NULL,   -- its chunks have higher numbers, or this one
  root BLOB NOT NULL        -- the sections and their first keys
);
CREATE TABLE run_chunks (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE compactions (family INTEGER PRIMARY KEY, at INTEGER NOT NULL); -- when all rows were last merged
`;

/** Rows merged per transaction in each merge, at least, and per new row. */
const MERGED_ROWS = 100;
const MERGE_FACTOR = 1.5;
/** No transaction merges for longer. */
const MERGE_MS = 5;
/** Sections of chunks that are removed per transaction: one, and one more for so many new rows. */
const ROWS_PER_REMOVED_SECTION = 1_000;
/** All rows of a table are merged once in this time, so that what was deleted or is too old leaves the file. */
const COMPACT_EVERY_MS = 7 * 24 * 3_600_000;
const RUNS = 'SELECT id, tier, age, rows, root, family, start FROM runs';

/** The sorted tables of a file. All change within the caller's transactions. */
export class SortedTables {
  readonly #db: Database;
  readonly #chunks: ChunkTable;
  readonly #tables: SortedTable[] = [];
  /** Sections of chunks that nothing reads, by run. */
  #garbage: { run: number; sections: number[] }[] = [];
  /** Chunks of runs that will never be finished. */
  #orphans: number[] = [];
  /** Unfinished runs up to this one will never be finished; 0: there are none. */
  #unfinishedTo = 0;
  /** When all rows were last merged, by table. */
  readonly #compactedAt = new Map<number, number>();

  constructor(db: Database) {
    this.#db = db;
    this.#chunks = new ChunkTable(db);
  }

  open(options: TableOptions): SortedTable {
    const table = new SortedTable(this.#db, this.#chunks, options);
    this.#tables.push(table);
    return table;
  }

  /** A table that was opened, by its number. */
  table(family: number): SortedTable {
    const table = this.#tables.find((one) => one.family === family);
    if (table === undefined) throw new Error(`sorted table ${family} is not open`);
    return table;
  }

  /** Reads which runs there are; what was being written is given up. */
  reload(): void {
    this.#garbage = [];
    this.#unfinishedTo = 0;
    const compactions = this.#db.all('SELECT family, at FROM compactions') as [number, number][];
    for (const [family, at] of compactions) this.#compactedAt.set(family, at);
    const runs: (Run & { family: number })[] = [];
    let start = Number.POSITIVE_INFINITY;
    let last = this.#db.number('SELECT max(id) FROM run_chunks');
    for (const [id, tier, age, rows, root, family, from] of this.#db.all(RUNS)) {
      const run = {
        id,
        tier,
        age,
        rows,
        family,
        ...this.#partsOf(tier as number, root as Uint8Array),
      } as (typeof runs)[number];
      runs.push(run);
      // The sections of a replaced run may be gone, but it still names them: no other chunk gets their numbers.
      last = Math.max(last, run.sections.at(-1) ?? 0);
      if (tier === REPLACED) this.#discard([run]);
      if (tier !== UNFINISHED) continue;
      start = Math.min(start, from as number);
      this.#unfinishedTo = Math.max(this.#unfinishedTo, run.id);
    }
    this.#chunks.reload(last + 1);
    for (const table of this.#tables) {
      table.reload(runs.filter(({ family, tier }) => family === table.family && tier >= 0));
    }
    this.#orphans = this.#unfinishedTo === 0 ? [] : this.#unreferenced(runs, start);
  }

  /** Merges, and removes what merges replaced, in proportion to the rows that the transaction wrote. */
  work(rows: number, now: number): void {
    const until = performance.now() + MERGE_MS;
    for (const table of this.#tables) {
      table.startMerges(now);
      this.#compactInTime(table, now);
    }
    for (let left = Math.max(MERGED_ROWS, rows * MERGE_FACTOR); left > 0; left -= MERGED_ROWS) {
      for (const table of this.#tables) this.#merge(table);
      if (performance.now() >= until || !this.#tables.some(({ isMerging }) => isMerging)) break;
    }
    for (let left = 1 + Math.floor(rows / ROWS_PER_REMOVED_SECTION); left > 0; left--) this.#removeSection();
    this.#removeOrphans();
  }

  /** A damaged chunk ends the merges of its table: what needs the chunk fails, and all else goes on. */
  #merge(table: SortedTable): void {
    try {
      this.#discard(table.merge(MERGED_ROWS));
    } catch (error) {
      if (!isDamage(error)) throw error;
      table.stopMerging();
      this.#db.damagedRows.note(`a chunk of sorted table ${table.family}: ${error.message}`);
    }
  }

  #compactInTime(table: SortedTable, now: number): void {
    const compactedAt = this.#compactedAt.get(table.family);
    if (compactedAt !== undefined && (table.isMerging || now < compactedAt + COMPACT_EVERY_MS)) return;
    if (compactedAt !== undefined) table.compact(now);
    this.#compactedAt.set(table.family, now);
    this.#db.run('INSERT OR REPLACE INTO compactions VALUES (?, ?)', table.family, now);
  }

  #discard(runs: readonly Run[]): void {
    for (const { id, sections } of runs) this.#garbage.push({ run: id, sections: [...sections] });
  }

  #removeOrphans(): void {
    if (this.#unfinishedTo === 0) return;
    for (const chunk of this.#orphans.splice(-MERGED_ROWS)) this.#chunks.remove(chunk);
    if (this.#orphans.length > 0) return;
    this.#db.run('DELETE FROM runs WHERE tier = ? AND id <= ?', UNFINISHED, this.#unfinishedTo);
    this.#unfinishedTo = 0;
  }

  #removeSection(): void {
    const next = this.#garbage[0];
    if (next === undefined) return;
    const section = next.sections.pop();
    if (section !== undefined && this.#chunks.has(section)) this.#removeChunks(section);
    if (next.sections.length > 0) return;
    this.#db.run('DELETE FROM runs WHERE id = ?', next.run);
    this.#garbage.shift();
  }

  /** The chunks of a damaged section stay. */
  #removeChunks(section: number): void {
    for (const chunk of this.#chunksOf(section)) this.#chunks.remove(chunk);
    this.#chunks.remove(section);
  }

  /** None of a damaged section. */
  #chunksOf(section: number): readonly number[] {
    try {
      return this.#chunks.section(section).chunks;
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#db.damagedRows.note(`section ${section} of sorted runs`);
      return [];
    }
  }

  /** Errors: `data_damaged`. */
  #partsOf(tier: number, root: Uint8Array): Pick<Run, 'firstKeys' | 'sections'> {
    const parts = tier === UNFINISHED ? { firstKeys: [], sections: [] } : partsOf(Buffer.from(root));
    if (parts === null) throw damaged(this.#db.path, 'is damaged: where one of its sorted runs begins cannot be read');
    return parts;
  }

  #unreferenced(runs: readonly Run[], start: number): number[] {
    const referenced = new Set<number>();
    for (const section of runs.flatMap(({ sections }) => sections.filter((number) => number >= start))) {
      if (!this.#chunks.has(section)) continue;
      const chunks = this.#chunksOf(section);
      // It is not known which chunks a damaged section has.
      if (chunks.length === 0) return [];
      referenced.add(section);
      for (const chunk of chunks) referenced.add(chunk);
    }
    const ids = this.#db.all('SELECT id FROM run_chunks WHERE id >= ?', start).map(([id]) => id as number);
    return ids.filter((id) => !referenced.has(id));
  }
}
