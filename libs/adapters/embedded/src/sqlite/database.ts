import { statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { ImError } from '@chasqui/domain';
import { makePrivateFile } from '@chasqui/kit/base';
import { DamagedRows } from './damaged-rows.ts';
import { damaged, openingFault } from './file-faults.ts';

/** A row as an array, in the order of the statement's columns. */
export type Row = readonly SQLInputValue[];

/** Called when an upgrade begins, and periodically with its progress: "5000 of 20000 conversations". */
export type Told = (done: string) => void;

export interface DatabaseOptions {
  path: string;
  /** The path that errors name. Default: the file's. */
  shownAs?: string;
  /** The schema's version; a file of a newer one is refused. `any`: the file stays as it is. */
  version: number | 'any';
  /** Creates the schema in an empty file. */
  schema: string;
  /** For each older version, from 1 on, SQL that upgrades to the next one. All of it is one transaction. */
  steps?: readonly string[];
  /** Default: no progress is reported. */
  told?: Told;
  /** Memory for pages, in KiB. */
  cacheKiB: number;
}

/** The write-ahead log is checkpointed into the file when it has this many pages (of 4 KiB). */
const CHECKPOINT_PAGES = 4_000;
/** A file of up to this size is checked completely when it is opened, which takes some 2 ms a MB. */
const CHECKED_BYTES = 512 * 1024 ** 2;

/**
 * One SQLite file, opened by one thread only, and readable by its owner only. WAL with `synchronous=FULL`: a commit
 * that returned is on disk. Statements are prepared once. Errors, which name the file: `config_invalid` for a file of a
 * newer version or one that cannot be used, `data_damaged` for a damaged one.
 */
export class Database {
  readonly path: string;
  /** The file was empty or absent. */
  readonly isNew: boolean;
  /** Rows that were found damaged when they were read. */
  readonly damagedRows = new DamagedRows();
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(options: DatabaseOptions) {
    this.path = options.shownAs ?? options.path;
    let db: DatabaseSync | undefined;
    try {
      makePrivateFile(options.path);
      db = new DatabaseSync(options.path);
      this.#db = db;
      this.isNew = this.#prepare(options);
    } catch (error) {
      db?.close();
      throw openingFault(this.path, error);
    }
  }

  /** Returns whether the file was new. */
  #prepare({ path, version, schema, steps = [], told = () => {}, cacheKiB }: DatabaseOptions): boolean {
    // Exclusive: no other process may open the file, so transactions need not lock it.
    this.#db.exec(`PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
      PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}; PRAGMA cache_size=-${cacheKiB}; PRAGMA temp_store=MEMORY`);
    const found = this.number('PRAGMA user_version');
    if (version === 'any') return false;
    if (found > version) {
      throw new ImError(
        'config_invalid',
        `${path} was written by a newer version (schema ${found}; this version knows ${version})`,
      );
    }
    if (found > 0) this.#check();
    if (found > 0 && found < version) told(`schema ${found} to ${version}`);
    if (found < version) this.#bring(version, found === 0 ? [schema] : steps.slice(found - 1));
    return found === 0;
  }

  /** Atomic: if the process is killed meanwhile, the file is unchanged. */
  #bring(version: number, steps: readonly string[]): void {
    this.exec('BEGIN');
    for (const step of steps) this.exec(step);
    this.exec(`PRAGMA user_version=${version}; COMMIT`);
  }

  /** Checks the whole file. Errors: `data_damaged`. */
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

  /** Returns the number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** Runs an insert and returns the new row's id. */
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

  /** Returns the first column of the only row, 0 when it is null. */
  number(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.get(sql, ...values)?.[0] ?? 0);
  }

  /** Runs statements without values, without caching them. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** The schema has changed. */
  forgetStatements(): void {
    this.#statements.clear();
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

  /** Bytes in use, without free pages. */
  usedBytes(): number {
    const pages = this.number('PRAGMA page_count') - this.number('PRAGMA freelist_count');
    return pages * this.number('PRAGMA page_size');
  }

  /**
   * Moves the write-ahead log into the file, which has every commit then, and leaves the file as it is until `goOn`:
   * further commits are in the log alone. Called outside transactions. False: the log could not be moved.
   */
  standStill(): boolean {
    this.goOn();
    const isMoved = this.number('PRAGMA wal_checkpoint(TRUNCATE)') === 0;
    if (isMoved) this.exec('PRAGMA wal_autocheckpoint=0');
    return isMoved;
  }

  /** Commits get into the file again: those of meanwhile at once, which also makes the log short. */
  goOn(): void {
    this.exec(`PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`);
    this.get('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** The length of the write-ahead log. */
  logBytes(): number {
    return statSync(`${this.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }
}
