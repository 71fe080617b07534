import type { Database } from '../sqlite/database.ts';
import { type BatchEntry, packBatch, type Span, spansOf, unpackBatch } from './log-batch.ts';
import { type IndexedSpan, SpanIndex } from './span-index.ts';

const WRITE = 'INSERT INTO batches (header, body) VALUES (?, ?)';
const READ = 'SELECT header, body FROM batches WHERE id = ?';
const HEADERS = 'SELECT id, header FROM batches ORDER BY id';
const REWRITE = 'UPDATE batches SET header = ?, body = ? WHERE id = ?';
const REMOVE = 'DELETE FROM batches WHERE id = ?';
/** A transaction's entries are several batches if they are longer than this together. */
const BATCH_CHARACTERS = 1_000_000;

/** The entries of all streams: those that a transaction appends are one row, which is appended to one table. */
export class BatchTable {
  readonly #db: Database;
  readonly #streams = new Map<number, SpanIndex>();
  /** What is left of each batch: its spans that were not dropped, and their characters. */
  readonly #left = new Map<number, { spans: number; characters: number; written: number }>();
  /** What this transaction has appended, by stream. */
  #pending = new Map<number, Span>();
  #pendingCharacters = 0;

  constructor(db: Database) {
    this.#db = db;
    this.reload();
  }

  /**
   * Reads where the entries are, after the start and when a transaction was rolled back. What a damaged header describes
   * is lost.
   */
  reload(): void {
    this.#streams.clear();
    this.#left.clear();
    this.#pending = new Map();
    this.#pendingCharacters = 0;
    for (const [id, header] of this.#db.iterate(HEADERS)) {
      const spans = spansOf(header as Uint8Array);
      if (spans === null) this.#db.damagedRows.note(`batch ${id} of the log`);
      for (const { stream, first, entries } of spans ?? []) {
        const characters = entries.reduce((sum, { length }) => sum + length, 0);
        this.#note(stream, { batch: id as number, first, count: entries.length, ...newestOf(entries), characters });
      }
    }
  }

  append(stream: number, offset: number, entry: BatchEntry): void {
    let span = this.#pending.get(stream);
    if (span !== undefined && offset !== span.first + span.entries.length) {
      this.write();
      span = undefined;
    }
    if (span === undefined) this.#pending.set(stream, { stream, first: offset, entries: [entry] });
    else span.entries.push(entry);
    this.#pendingCharacters += entry.body.length;
    if (this.#pendingCharacters >= BATCH_CHARACTERS) this.write();
  }

  /** Writes what was appended. Called before each commit. */
  write(): void {
    if (this.#pending.size === 0) return;
    const spans = [...this.#pending.values()];
    this.#pending = new Map();
    this.#pendingCharacters = 0;
    const { header, body } = packBatch(spans);
    const batch = this.#db.insert(WRITE, header, body);
    for (const { stream, first, entries } of spans) {
      const characters = charactersOf(entries);
      this.#note(stream, { batch, first, count: entries.length, ...newestOf(entries), characters });
    }
  }

  /** The oldest offset kept; undefined: there is none. */
  first(stream: number): number | undefined {
    this.write();
    return this.#streams.get(stream)?.first?.first;
  }

  /** One above the highest offset; 0: there is none. */
  end(stream: number): number {
    this.write();
    return this.#streams.get(stream)?.end ?? 0;
  }

  /** The entries from an offset on, of at most so many batches; those of a damaged batch are empty. */
  *from(stream: number, offset: number, most = Number.POSITIVE_INFINITY): Iterable<BatchEntry & { offset: number }> {
    this.write();
    let left = most;
    for (const { batch, first } of this.#streams.get(stream)?.from(offset) ?? []) {
      if (left === 0) return;
      const span = this.#read(batch).find((one) => one.stream === stream && one.first === first);
      if (span === undefined) continue;
      left--;
      for (const [i, entry] of span.entries.entries()) {
        if (first + i >= offset) yield { ...entry, offset: first + i };
      }
    }
  }

  /** The first span of a stream if all of it may go: it ends below an offset, and is not newer than `before`. */
  removable(stream: number, below: number, before: number): IndexedSpan | undefined {
    const span = this.#streams.get(stream)?.first;
    return span !== undefined && span.first + span.count <= below && span.publishedAt <= before ? span : undefined;
  }

  /** Drops the first span of a stream; the batch has it until `sweep`. */
  drop(stream: number): void {
    const index = this.#streams.get(stream);
    const span = index?.first;
    if (index === undefined || span === undefined) return;
    index.shift();
    const left = this.#left.get(span.batch);
    if (left === undefined) return;
    left.spans--;
    left.characters -= span.characters;
  }

  /** Removes batches of which nothing is left, and rewrites those of which less than half is. */
  sweep(batches: Iterable<number>): void {
    for (const batch of batches) {
      const left = this.#left.get(batch);
      if (left === undefined) continue;
      if (left.spans === 0) {
        this.#db.run(REMOVE, batch);
        this.#left.delete(batch);
      } else if (left.characters * 2 < left.written) {
        this.#rewrite(batch);
        left.written = left.characters;
      }
    }
  }

  #rewrite(batch: number): void {
    const spans = this.#read(batch).filter(({ stream, first }) => {
      const oldest = this.#streams.get(stream)?.first?.first;
      return oldest !== undefined && oldest <= first;
    });
    const { header, body } = packBatch(spans);
    this.#db.run(REWRITE, header, body, batch);
  }

  #read(batch: number): Span[] {
    const [header, body] = (this.#db.get(READ, batch) ?? []) as [Uint8Array, Uint8Array] | [];
    const found = header === undefined || body === undefined ? null : unpackBatch({ header, body });
    if (found?.isDamaged !== false) this.#db.damagedRows.note(`batch ${batch} of the log`);
    return found?.spans ?? [];
  }

  #note(stream: number, span: IndexedSpan): void {
    let index = this.#streams.get(stream);
    if (index === undefined) {
      index = new SpanIndex();
      this.#streams.set(stream, index);
    }
    index.add(span);
    const left = this.#left.get(span.batch) ?? { spans: 0, characters: 0, written: 0 };
    left.spans++;
    left.characters += span.characters;
    left.written += span.characters;
    this.#left.set(span.batch, left);
  }
}

function newestOf(entries: readonly { publishedAt: number }[]): { publishedAt: number } {
  return { publishedAt: entries.reduce((newest, { publishedAt }) => Math.max(newest, publishedAt), 0) };
}

function charactersOf(entries: readonly BatchEntry[]): number {
  return entries.reduce((sum, { body }) => sum + body.length, 0);
}
