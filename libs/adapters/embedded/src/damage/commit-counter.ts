import { basename } from 'node:path';
import type { Database } from '../sqlite/database.ts';

/** Commits known to be on disk, by file name. */
export interface CommitMarks {
  [file: string]: number;
}

/** A file's own commit count, and the commits of the other files that it has seen. */
export interface Witness {
  commits: number;
  seen: CommitMarks;
}

/** Created outside the file's schema, which is versioned separately. */
const TABLE = 'CREATE TABLE IF NOT EXISTS witness (file TEXT PRIMARY KEY, commits INTEGER NOT NULL) WITHOUT ROWID';
const SAVE = 'INSERT OR REPLACE INTO witness VALUES (?, ?)';

/**
 * Counts a file's commits in the file itself, and records beside it how many commits of the other files were known to
 * be on disk by then. When a file loses its last commits, the other files reveal it: they have seen more commits than
 * it has. The cost is one row in a transaction that writes anyway. The records never exceed what is durable: after a
 * kill or a power failure the files agree.
 */
export class CommitCounter {
  readonly #db: Database;
  readonly #file: string;
  #witness: Witness;
  #next: Witness;
  #changes: number;

  /** `forget`: the operator accepts the files as they are, so earlier records about the other files are ignored. */
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

  /** Rewrites a row with its current value: such a transaction shows whether the disk accepts writes. */
  probe(): void {
    this.#db.run(SAVE, this.#file, this.#witness.commits);
  }

  /**
   * Called at the end of a transaction: counts it if it has written anything, and returns whether it has. `marks`: the
   * known commits of all files. For this file the mark is a lower bound: a recreated file continues counting from it.
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
