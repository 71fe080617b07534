import { RecentMap } from '@chasqui/kit/base';
import type { Database } from '../sqlite/database.ts';
import { damage } from '../sqlite/file-faults.ts';
import { sealed, unsealed } from '../sqlite/sealed.ts';
import { type Section, sectionOf } from './section.ts';

/** A section takes about 8 kB. */
const CACHED_SECTIONS = 1_000;
/** Of 4 kB. */
const CACHED_CHUNKS = 256;
const WRITE = 'INSERT INTO run_chunks VALUES (?, ?)';
const READ = 'SELECT body FROM run_chunks WHERE id = ?';
const HAS = 'SELECT 1 FROM run_chunks WHERE id = ?';
const REMOVE = 'DELETE FROM run_chunks WHERE id = ?';

/** The chunks and sections of all runs, in the order in which they were written: each new one is appended to the table. */
export class ChunkTable {
  readonly #db: Database;
  readonly #sections = new RecentMap<number, Section>(CACHED_SECTIONS);
  /** Rows that are read one after the other are often in one chunk. */
  readonly #recent = new RecentMap<number, Buffer>(CACHED_CHUNKS);
  #next = 1;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The number of the next chunk. */
  get next(): number {
    return this.#next;
  }

  reload(next: number): void {
    this.#sections.clear();
    this.#recent.clear();
    this.#next = next;
  }

  write(bytes: Buffer): number {
    this.#db.run(WRITE, this.#next, sealed(bytes));
    return this.#next++;
  }

  /** Errors: as those of SQLite for a damaged page. */
  read(chunk: number): Buffer {
    const cached = this.#recent.get(chunk);
    if (cached !== undefined) return cached;
    const body = this.#db.get(READ, chunk)?.[0];
    // SQLite's rows are fresh arrays of bytes: this is a view of one, and keeps it alive.
    const bytes = body instanceof Uint8Array ? unsealed(Buffer.from(body.buffer, body.byteOffset, body.length)) : null;
    if (bytes === null) throw damage(`chunk ${chunk} of its sorted runs cannot be read`);
    this.#recent.set(chunk, bytes);
    return bytes;
  }

  section(chunk: number): Section {
    const cached = this.#sections.get(chunk);
    if (cached !== undefined) return cached;
    const section = sectionOf(this.read(chunk));
    this.#sections.set(chunk, section);
    return section;
  }

  has(chunk: number): boolean {
    return this.#db.get(HAS, chunk) !== undefined;
  }

  remove(chunk: number): void {
    this.#db.run(REMOVE, chunk);
  }
}
