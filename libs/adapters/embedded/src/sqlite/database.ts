import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { ImError } from '@chasqui/domain';
import { makePrivateFile } from '@chasqui/kit';
import { DamagedRows } from './damaged-rows.ts';
import { damaged, openingFault } from './file-faults.ts';

/** A row as an array, in the order of the statement's columns. */
export type Row = readonly SQLInputValue[];

/** Told now and then how far long work is: "5000 of 20000 conversations". */
export type Told = (done: string) => void;

/** What brings a file to the next version of its schema: SQL, or what runs it. Both run within one transaction for all steps. */
export type Step = string | ((db: Database, told: Told) => void);

export interface DatabaseOptions {
  path: string;
  /** The schema's version; a file of a newer one is refused. */
  version: number;
  /** Makes the schema in an empty file. */
  schema: string;
  /** For each older version, from 1 on, what makes the next one of it. */
  steps?: readonly Step[];
  /** Default: nobody is told. */
  told?: Told;
  /** Memory for pages, in KiB. */
  cacheKiB: number;
}

/** The write-ahead log is checkpointed into the file when it has this many pages (of 4 KiB). */
const CHECKPOINT_PAGES = 4_000;
/** Pages that are copied at a time: nothing else runs on the file meanwhile. */
const COPIED_PAGES = 250;
/** A file of up to so many bytes is read through when it is opened, which takes some 2 ms a MB. */
const CHECKED_BYTES = 512 * 1024 ** 2;

/**
 * One SQLite file, opened for one thread alone, and for its owner's eyes alone. WAL with `synchronous=FULL`: a commit that
 * returned is on the disk. Statements are prepared once. Errors, which name the file: `config_invalid` for one of a newer
 * version or that cannot be used, `data_damaged` for one that is not as SQLite left it.
 */
export class Database {
  readonly path: string;
  /** The file was empty, or there was none. */
  readonly isNew: boolean;
  /** Rows that turned out to be damaged when they were read. */
  readonly damagedRows = new DamagedRows();
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(options: DatabaseOptions) {
    this.path = options.path;
    let db: DatabaseSync | undefined;
    try {
      makePrivateFile(options.path);
      db = new DatabaseSync(options.path);
      this.#db = db;
      this.isNew = this.#prepare(options);
    } catch (error) {
      db?.close();
      throw openingFault(options.path, error);
    }
  }

  /** Whether the file was new. */
  #prepare({ path, version, schema, steps = [], told = () => {}, cacheKiB }: DatabaseOptions): boolean {
    // Exclusive: no other process may open the file, so no lock has to be taken for each transaction.
    this.#db.exec(`PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
      PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}; PRAGMA cache_size=-${cacheKiB}; PRAGMA temp_store=MEMORY`);
    const found = this.number('PRAGMA user_version');
    if (found > version) {
      throw new ImError(
        'config_invalid',
        `${path} was written by a newer version (schema ${found}; this version knows ${version})`,
      );
    }
    if (found > 0) this.#check();
    if (found < version) this.#bring(version, found === 0 ? [schema] : steps.slice(found - 1), told);
    return found === 0;
  }

  /** All or nothing: a process that is killed meanwhile has done nothing of it. */
  #bring(version: number, steps: readonly Step[], told: Told): void {
    this.exec('BEGIN');
    for (const step of steps) {
      if (typeof step === 'string') this.exec(step);
      else step(this, told);
    }
    this.#statements.clear();
    this.exec(`PRAGMA user_version=${version}; COMMIT`);
  }

  /** Reads the file through. Errors: `data_damaged`. */
  #check(): void {
    if (this.usedBytes() > CHECKED_BYTES) return;
    const found = String(this.get('PRAGMA quick_check(1)')?.[0]);
    if (found !== 'ok') throw damaged(this.path, `is damaged (${found.replaceAll(/\s+/g, ' ')})`);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** The number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** Runs an insert; the new row's id. */
  insert(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values) as unknown as Row[];
  }

  iterate(sql: string, ...values: SQLInputValue[]): IterableIterator<Row> {
    return this.#statement(sql).iterate(...values) as unknown as IterableIterator<Row>;
  }

  /** The first column of the only row, 0 when it is null. */
  number(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.get(sql, ...values)?.[0] ?? 0);
  }

  /** Statements without values, not kept. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  begin(): void {
    this.#statement('BEGIN').run();
  }

  commit(): void {
    this.#statement('COMMIT').run();
  }

  rollback(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  /** Bytes in use, without pages that wait to be used again. */
  usedBytes(): number {
    const pages = this.number('PRAGMA page_count') - this.number('PRAGMA freelist_count');
    return pages * this.number('PRAGMA page_size');
  }

  /**
   * Copies the file, with what is committed meanwhile, to a new one. `between` is called between two pieces: only there may
   * a transaction be open. Errors: SQLite's.
   */
  async copyTo(path: string, between: () => void): Promise<void> {
    makePrivateFile(path);
    await backup(this.#db, path, { rate: COPIED_PAGES, progress: between });
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }
}
