import type { Database } from '../sqlite/database.ts';
import { sealed, unsealed } from '../sqlite/sealed.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { ChunkWriter, type Row } from './chunk.ts';
import type { ChunkTable } from './chunk-table.ts';
import { readFirstKeys, writeFirstKeys } from './first-keys.ts';
import type { Run } from './run.ts';
import { SectionWriter } from './section.ts';

/** `tier` of a row of the table of runs: its chunks are still being written, or are to be removed. */
export const UNFINISHED = -1;
export const REPLACED = -2;

const BEGIN = 'INSERT INTO runs (family, tier, age, rows, start, root) VALUES (?, ?, 0, 0, ?, zeroblob(0))';
const FINISH = 'UPDATE runs SET tier = ?, age = ?, rows = ?, root = ? WHERE id = ?';

export interface WriterOptions {
  family: number;
  tier: number;
  /** Absent: that of the run itself. */
  age?: number;
}

/** Writes a run's chunks, over several transactions. Until it is finished, nothing reads it. */
export class RunWriter {
  readonly #db: Database;
  readonly #chunks: ChunkTable;
  readonly #options: WriterOptions;
  readonly #id: number;
  readonly #chunk = new ChunkWriter();
  readonly #section = new SectionWriter();
  readonly #firstKeys: string[] = [];
  readonly #sections: number[] = [];
  #rows = 0;

  constructor(db: Database, chunks: ChunkTable, options: WriterOptions) {
    this.#db = db;
    this.#chunks = chunks;
    this.#options = options;
    this.#id = db.insert(BEGIN, options.family, UNFINISHED, chunks.next);
  }

  /** The keys rise. */
  add([key, value]: Row): void {
    if (!this.#chunk.add(key, value)) {
      this.#finishChunk();
      this.#chunk.add(key, value);
    }
    this.#section.note(key);
    this.#rows++;
  }

  finish(): Run {
    if (this.#chunk.rows > 0) this.#finishChunk();
    if (!this.#section.isEmpty) this.#finishSection();
    const { tier, age = this.#id } = this.#options;
    const run = { id: this.#id, tier, age, rows: this.#rows, firstKeys: this.#firstKeys, sections: this.#sections };
    this.#db.run(FINISH, tier, age, run.rows, rootOf(run), run.id);
    return run;
  }

  #finishChunk(): void {
    const { firstKey } = this.#chunk;
    this.#section.add(firstKey, this.#chunks.write(this.#chunk.finish()));
    if (this.#section.isFull) this.#finishSection();
  }

  #finishSection(): void {
    this.#firstKeys.push(this.#section.firstKey);
    this.#sections.push(this.#chunks.write(this.#section.finish()));
  }
}

function rootOf({ firstKeys, sections }: Run): Buffer {
  const writer = new ByteWriter();
  writeFirstKeys(writer, firstKeys, sections);
  return sealed(writer.take());
}

/** The parts of a run that `rootOf` wrote; null: the bytes are damaged. */
export function partsOf(root: Buffer): Pick<Run, 'firstKeys' | 'sections'> | null {
  const bytes = unsealed(root);
  if (bytes === null) return null;
  const { firstKeys, numbers: sections } = readFirstKeys(new ByteReader(bytes));
  return { firstKeys, sections };
}
