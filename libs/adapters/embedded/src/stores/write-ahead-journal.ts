import type { RunFlush } from '../runs/run-flush.ts';
import type { SortedTables } from '../runs/sorted-tables.ts';
import type { Database } from '../sqlite/database.ts';
import { damaged } from '../sqlite/file-faults.ts';
import { packText, unpackText } from '../sqlite/packed-text.ts';
import type { FirstRecording } from './conversations/dedup.ts';
import type { Entry } from './conversations/entry.ts';
import { updateRow } from './conversations/log-row.ts';
import type { User } from './conversations/users.ts';
import {
  allEntryValues,
  type JournaledTransaction,
  type JournalParts,
  messageRow,
  pushRecording,
  RECORDING_WIDTH,
  replayTransaction,
  UPDATE_WIDTH,
} from './journaled-transaction.ts';

/** Rows flushed per commit, at least, and per row written by that commit. */
const FLUSH_ROWS = 100;
const FLUSH_FACTOR = 4;

/** The rest of a running flush, and the last journal row that it covers. */
interface Flush {
  runs: readonly RunFlush[];
  /** By the numbers of their conversations. */
  groups: number[];
  upTo: number;
  /** Characters of the rows up to there. */
  size: number;
  /** All is in the tables; memory is being released. */
  isWritten: boolean;
}

/**
 * Group commit, second stage. Log entries, dedup rows and conversation entries are scattered over their tables: written
 * at once, each would cost a page. So a transaction writes them into one journal row and keeps them in memory. Later
 * many transactions' rows are flushed into the tables together, user by user, a slice per commit so that no commit is
 * slow. Opening replays the remaining journal; its values are absolute, so replaying a flushed row changes nothing.
 */
export class Journal {
  readonly #db: Database;
  readonly #tables: SortedTables;
  readonly #parts: JournalParts;
  readonly #flushAt: number;
  #body: JournaledTransaction = { recordings: [], updates: [], entries: [] };
  readonly #changed = new Set<Entry>();
  /** Characters in the journal's table, uncompressed. */
  #size = 0;
  #flushing: Flush | undefined;

  constructor(db: Database, tables: SortedTables, parts: JournalParts, flushAt: number) {
    this.#db = db;
    this.#tables = tables;
    this.#parts = parts;
    this.#flushAt = flushAt;
  }

  /** Appends a message to its logs, and adds its dedup row. */
  record(
    given: Omit<FirstRecording, 'places'>,
    to: readonly { user: User /** See `LogRow.previous`. */; previous: number }[],
  ): FirstRecording {
    const { logs, dedup } = this.#parts;
    const places: number[] = [];
    for (const { user, previous } of to) {
      places.push(user.id, logs.append(user, messageRow(given, previous)), previous);
    }
    const recording = { ...given, places };
    dedup.add(recording);
    pushRecording(this.#body.recordings, recording);
    return recording;
  }

  /** Appends any other update, as JSON; returns its position. */
  append(user: User, body: string, now: number): number {
    const position = this.#parts.logs.append(user, updateRow(body, now));
    this.#body.updates.push(user.id, position, now, body);
    return position;
  }

  /** The entry was changed in memory. */
  changed(entry: Entry): void {
    this.#changed.add(entry);
    this.#parts.conversations.changed(entry);
  }

  /** Writes this transaction's changes, and flushes a slice. Called once before each commit. */
  write(now: number): void {
    const body = this.#body;
    const ofGroups = this.#parts.groups.take();
    const rows =
      body.recordings.length / RECORDING_WIDTH +
      body.updates.length / UPDATE_WIDTH +
      this.#changed.size +
      (ofGroups?.rows ?? 0);
    if (rows === 0) return;
    if (ofGroups !== undefined) body.groups = ofGroups.groups;
    body.entries = allEntryValues(this.#changed);
    const text = JSON.stringify(body);
    this.#db.run('INSERT INTO journal (body) VALUES (?)', packText(text));
    this.#size += text.length;
    this.#reset();
    if (this.#flushing === undefined && this.#size >= this.#flushAt) this.#startFlush();
    if (this.#flushing !== undefined) this.#flush(this.#flushing, Math.max(FLUSH_ROWS, rows * FLUSH_FACTOR));
    this.#tables.work(rows, now);
  }

  /** Moves all that is committed into the tables, in this transaction, for who reads the tables themselves. */
  settle(): void {
    while (this.#flushing !== undefined || this.#size > 0) {
      if (this.#flushing === undefined) this.#startFlush();
      else this.#flush(this.#flushing, Number.POSITIVE_INFINITY);
    }
  }

  /** Restores empty memory from the journal; the running transaction is discarded. */
  replay(): void {
    this.#reset();
    this.#flushing = undefined;
    this.#size = 0;
    for (const [packed] of this.#db.iterate('SELECT body FROM journal ORDER BY id')) {
      const { text, transaction } = this.#parsed(packed as string | Uint8Array);
      this.#size += text.length;
      replayTransaction(this.#parts, transaction);
    }
  }

  /** No row may be skipped: positions would be assigned twice (C10). Errors: `data_damaged`. */
  #parsed(packed: string | Uint8Array): { text: string; transaction: JournaledTransaction } {
    try {
      const text = unpackText(packed);
      return { text, transaction: JSON.parse(text) as JournaledTransaction };
    } catch (error) {
      throw damaged(this.#db.path, 'is damaged: a row of its journal cannot be read', { cause: error });
    }
  }

  #reset(): void {
    this.#body = { recordings: [], updates: [], entries: [] };
    this.#changed.clear();
    this.#parts.groups.reset();
  }

  #startFlush(): void {
    const { logs, conversations, groups, dedup } = this.#parts;
    this.#flushing = {
      runs: [logs.startFlush(), dedup.startFlush(), ...conversations.startFlush()],
      groups: groups.startFlush(),
      upTo: this.#db.number('SELECT max(id) FROM journal'),
      size: this.#size,
      isWritten: false,
    };
  }

  /** Flushes about `rows` rows, or releases as many; between the two, removes the journal rows that the flush covers. */
  #flush(flush: Flush, rows: number): void {
    for (let left = rows; left > 0; ) {
      const done = flush.isWritten ? releaseNext(flush) : this.#flushNext(flush);
      left -= done;
      if (done > 0) continue;
      if (flush.isWritten) this.#flushing = undefined;
      else this.#finish(flush);
      return;
    }
  }

  #finish(flush: Flush): void {
    for (const run of flush.runs) run.finish();
    this.#db.run('DELETE FROM journal WHERE id <= ?', flush.upTo);
    this.#size -= flush.size;
    flush.isWritten = true;
  }

  /** Flushes next items; returns their number of rows: 0 when nothing is left. */
  #flushNext({ runs, groups }: Flush): number {
    for (const run of runs) {
      const rows = run.write(FLUSH_ROWS);
      if (rows > 0) return rows;
    }
    const group = groups.pop();
    if (group === undefined) return 0;
    const { rows, isDone } = this.#parts.groups.flush(group, FLUSH_ROWS);
    if (!isDone) groups.push(group);
    return 1 + rows;
  }
}

function releaseNext({ runs }: Flush): number {
  for (const run of runs) {
    const released = run.release(FLUSH_ROWS);
    if (released > 0) return released;
  }
  return 0;
}
