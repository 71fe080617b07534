import type { Database, Told } from './database.ts';

/** Rows that a step writes before it commits: some seconds of work. */
const ROWS = 300_000;

const TABLE = 'CREATE TABLE IF NOT EXISTS upgrade (part TEXT PRIMARY KEY, reached INTEGER NOT NULL)';
const NOTE = 'INSERT OR REPLACE INTO upgrade VALUES (?, ?)';
const FROM = 'SELECT reached FROM upgrade WHERE part = ?';

/**
 * A step to the next version that may last for minutes. It commits between its parts, and is called again after a kill:
 * then it goes on from what it noted.
 */
export type LongStep = (db: Database, told: Told, work: UpgradeWork) => void;

/** What a long step has done so far, as its file says. A transaction is open whenever a step runs. */
export class UpgradeWork {
  /** How many rows to write before the next `reached`. */
  readonly rows: number;
  readonly #db: Database;
  readonly #told: Told;

  constructor(db: Database, told: Told, rows = ROWS) {
    this.#db = db;
    this.#told = told;
    this.rows = rows;
    db.exec(TABLE);
  }

  /** How far this part was done; undefined: it was not begun. */
  from(part: string): number | undefined {
    return this.#db.get(FROM, part)?.[0] as number | undefined;
  }

  /** Commits what was done: the part was done up to `at`, of a number that is shown. */
  reached(part: string, at: number, shown: string): void {
    this.#db.run(NOTE, part, at);
    this.#db.exec('COMMIT; BEGIN');
    this.#told(`${shown} ${part}`);
  }

  /** Does a short part once. */
  once(part: string, work: () => void): void {
    if (this.from(part) !== undefined) return;
    work();
    this.reached(part, 1, 'ready:');
  }

  /** A step is done, and its version noted. Within its last transaction. */
  stepDone(): void {
    this.#db.run('DELETE FROM upgrade');
  }

  /** Nothing of the notes stays in the file. */
  allDone(): void {
    this.#db.exec('DROP TABLE upgrade');
  }
}
