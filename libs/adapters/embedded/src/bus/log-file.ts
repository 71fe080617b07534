import { defined, ImError } from '@chasqui/domain';
import type { Database, Told } from '../sqlite/database.ts';
import { openDatabase } from '../sqlite/open-database.ts';
import { BatchTable } from './batch-table.ts';
import { intoBatches } from './into-batches.ts';
import { type LogState, streamOf } from './log-operations.ts';
import { LOG_SCHEMA, LOG_VERSION } from './log-schema.ts';

/** The start data of the bus worker. */
export interface LogData {
  path: string;
  /** The number of shards for topics that the file does not have yet. */
  shards: { [topic: string]: number };
  /** The maximum size of the file in bytes; beyond it a publish is refused. */
  maxLogBytes: number;
}

/**
 * The file is written at its ends and hardly ever read. SQLite looks at every page of its cache after a commit that split
 * a page, as most do here.
 */
const CACHE_KIB = 2 * 1024;
/** The size is checked again after this many characters. */
const CHECK_EVERY = 1_000_000;

/** The file of the bus, and the next offset of each stream. */
export class LogFile {
  readonly db: Database;
  readonly batches: BatchTable;
  readonly #maxLogBytes: number;
  readonly #next = new Map<number, number>();
  #sinceCheck = CHECK_EVERY;

  constructor({ path, shards, maxLogBytes }: LogData, told?: Told) {
    const file = { path, version: LOG_VERSION, schema: LOG_SCHEMA, steps: [intoBatches], cacheKiB: CACHE_KIB };
    this.db = openDatabase({ ...file, ...defined({ told }) });
    this.batches = new BatchTable(this.db);
    this.#maxLogBytes = maxLogBytes;
    for (const [name, count] of Object.entries(shards)) {
      this.db.run('INSERT OR IGNORE INTO topics (name, shards) VALUES (?, ?)', name, count);
    }
  }

  /** Errors: `overloaded` when the file is at its bound. Called before each write of a body. */
  admit(characters: number): void {
    this.#sinceCheck += characters;
    if (this.#sinceCheck < CHECK_EVERY) return;
    if (this.db.usedBytes() > this.#maxLogBytes) {
      throw new ImError('overloaded', `the bus is full (${this.#maxLogBytes} bytes): consumers must catch up first`);
    }
    this.#sinceCheck = 0;
  }

  /** Above a quarter of the bound, handled messages are not retained. */
  underPressure(): boolean {
    return this.db.usedBytes() > this.#maxLogBytes / 4;
  }

  append(stream: number, publishedAt: number, body: string): number {
    const offset = this.next(stream);
    this.batches.append(stream, offset, { publishedAt, body });
    this.#next.set(stream, offset + 1);
    return offset;
  }

  /** The next offset of the stream. */
  next(stream: number): number {
    let next = this.#next.get(stream);
    if (next === undefined) {
      const kept = this.db.number('SELECT next FROM streams WHERE id = ?', stream);
      // Above every position too: a damaged batch may have been the last one.
      const done = this.db.number('SELECT max(next) FROM positions WHERE stream = ?', stream);
      next = Math.max(1, kept, done, this.batches.end(stream));
      this.#next.set(stream, next);
    }
    return next;
  }

  /** The oldest offset kept; the next offset when none is kept. */
  first(stream: number): number {
    return this.batches.first(stream) ?? this.next(stream);
  }

  nextDue(): number | null {
    return (this.db.get('SELECT min(due) FROM delayed')?.[0] as number | null | undefined) ?? null;
  }

  /** The transaction was rolled back: offsets are read again. */
  forget(): void {
    this.#next.clear();
    this.batches.reload();
    this.#sinceCheck = CHECK_EVERY;
  }

  state(): LogState {
    const topics = this.db.all('SELECT id, name, shards FROM topics').map((row) => {
      const [id, name, shards] = row as [number, string, number];
      return { id, name, shards };
    });
    const groups = this.db.all('SELECT id, topic, name FROM groups').map((row) => {
      const [id, topic, name] = row as [number, number, string];
      return { id, topic, name };
    });
    const positions = this.db.all('SELECT group_id, stream, next FROM positions').map((row) => {
      const [group, stream, offset] = row as [number, number, number];
      return { group, stream, offset };
    });
    const streams = topics.flatMap(({ id, shards }) =>
      Array.from({ length: shards }, (_, shard) => {
        const stream = streamOf(id, shard);
        return { stream, first: this.first(stream), next: this.next(stream) };
      }),
    );
    const delayedAt = this.db.number('SELECT max(published_at) FROM delayed');
    return { topics, groups, positions, streams, delayedAt, nextDue: this.nextDue() };
  }
}
