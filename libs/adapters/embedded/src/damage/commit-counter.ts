import { basename } from 'node:path';
import type { Database } from '../sqlite/database.ts';

/** Commits by file name, as far as they are known to be on the disk. */
export interface CommitMarks {
  [file: string]: number;
}

/** What a file says of its own commits and of those of the files beside it. */
export interface Witness {
  commits: number;
  seen: CommitMarks;
}

/** Made outside the file's schema, which has versions of its own. */
const TABLE = 'CREATE TABLE IF NOT EXISTS witness (file TEXT PRIMARY KEY, commits INTEGER NOT NULL) WITHOUT ROWID';
const SAVE = 'INSERT OR REPLACE INTO witness VALUES (?, ?)';

/**
 * Counts a file's commits in the file itself, and writes down beside it how many commits of the other files were known to
 * be on the disk by then. A file that lost its last commits is found out by the others, which saw more of it than it has.
 * It costs a row in a transaction that writes anyway, and never claims more than is durable: after a kill or a loss of
 * power the files agree.
 */
export class CommitCounter {
  readonly #db: Database;
  readonly #file: string;
  #witness: Witness;
  #next: Witness;
  #changes: number;

  /** `forget`: the operator goes on with the files as they are, so what was seen of the others counts for nothing. */
  constructor(db: Database, forget: boolean) {
    this.#db = db;
    this.#file = basename(db.path);
    db.exec(TABLE);
    if (forget) db.run('DELETE FROM witness WHERE file <> ?', this.#file);
    this.#witness = this.#load();
    this.#next = this.#witness;
    this.#changes = this.#totalChanges();
  }

  get witness(): Witness {
    return this.#witness;
  }

  /** Writes a row that says what is so already: a transaction with it shows whether the disk takes anything. */
  probe(): void {
    this.#db.run(SAVE, this.#file, this.#witness.commits);
  }

  /**
   * At the end of a transaction: counts it if it has written anything, and returns whether it has. `marks`: what is known of all files. What is known
   * of this one is a lower bound: a file that was made anew goes on counting from there.
   */
  count(marks: CommitMarks): boolean {
    if (this.#totalChanges() === this.#changes) return false;
    const commits = Math.max(this.#witness.commits, marks[this.#file] ?? 0) + 1;
    const seen = { ...this.#witness.seen };
    this.#db.run(SAVE, this.#file, commits);
    for (const [file, known] of Object.entries(marks)) {
      if (file === this.#file || known <= (seen[file] ?? 0)) continue;
      seen[file] = known;
      this.#db.run(SAVE, file, known);
    }
    this.#next = { commits, seen };
    this.#changes = this.#totalChanges();
    return true;
  }

  committed(): void {
    this.#witness = this.#next;
  }

  rolledBack(): void {
    this.#next = this.#witness;
    this.#changes = this.#totalChanges();
  }

  #totalChanges(): number {
    return this.#db.number('SELECT total_changes()');
  }

  #load(): Witness {
    const rows = this.#db.all('SELECT file, commits FROM witness') as unknown as [string, number][];
    const { [this.#file]: commits = 0, ...seen } = Object.fromEntries(rows) as CommitMarks;
    return { commits, seen };
  }
}
