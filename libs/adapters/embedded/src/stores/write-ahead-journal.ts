import type { Database } from '../sqlite/database.ts';
import { damaged } from '../sqlite/file-faults.ts';
import type { FirstRecording } from './conversations/dedup.ts';
import type { Conversation, Entry } from './conversations/entry.ts';
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
  users: User[];
  conversations: Conversation[];
  /** By the numbers of their conversations. */
  groups: number[];
  dedup: FirstRecording[];
  upTo: number;
}

/**
 * Group commit, second stage. Log entries, dedup rows and conversation entries are scattered over their tables: written
 * at once, each would cost a page. So a transaction writes them into one journal row and keeps them in memory. Later
 * many transactions' rows are flushed into the tables together, user by user, a slice per commit so that no commit is
 * slow. Opening replays the remaining journal; its values are absolute, so replaying a flushed row changes nothing.
 */
export class Journal {
  readonly #db: Database;
  readonly #parts: JournalParts;
  readonly #flushAt: number;
  #body: JournaledTransaction = { recordings: [], updates: [], entries: [] };
  readonly #changed = new Set<Entry>();
  /** Characters in the journal's table. */
  #size = 0;
  #flushing: Flush | undefined;

  constructor(db: Database, parts: JournalParts, flushAt: number) {
    this.#db = db;
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
    this.#db.run('INSERT INTO journal (body) VALUES (?)', text);
    this.#size += text.length;
    this.#reset();
    if (this.#flushing === undefined && this.#size >= this.#flushAt) this.#startFlush();
    if (this.#flushing !== undefined) this.#flush(Math.max(FLUSH_ROWS, rows * FLUSH_FACTOR), now);
  }

  /** Restores empty memory from the journal; the running transaction is discarded. */
  replay(): void {
    this.#reset();
    this.#flushing = undefined;
    this.#size = 0;
    for (const [text] of this.#db.iterate('SELECT body FROM journal ORDER BY id')) {
      this.#size += (text as string).length;
      replayTransaction(this.#parts, this.#parsed(text as string));
    }
  }

  /** No row may be skipped: positions would be assigned twice (C10). Errors: `data_damaged`. */
  #parsed(text: string): JournaledTransaction {
    try {
      return JSON.parse(text) as JournaledTransaction;
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
    const { users, conversations, groups, dedup } = this.#parts;
    const byId = (a: { id: number }, b: { id: number }) => b.id - a.id;
    this.#flushing = {
      users: [...users.dirty.values()].sort(byId),
      conversations: [...conversations.dirty.values()].sort(byId),
      groups: groups.startFlush(),
      dedup: dedup.unflushed(),
      upTo: this.#db.number('SELECT max(id) FROM journal'),
    };
  }

  /** Flushes about `rows` rows; at the end, removes the journal rows that the flush covers. */
  #flush(rows: number, now: number): void {
    if (this.#flushing === undefined) return;
    for (let left = rows; left > 0; ) {
      const flushed = this.#flushNext(this.#flushing);
      if (flushed === null) {
        this.#db.run('DELETE FROM journal WHERE id <= ?', this.#flushing.upTo);
        this.#size = this.#db.number('SELECT sum(length(body)) FROM journal');
        this.#flushing = undefined;
        break;
      }
      left -= flushed;
    }
    this.#parts.dedup.sweep(Math.ceil(rows / 4), now);
  }

  /** Flushes the next item; returns its number of rows, or null when nothing is left. */
  #flushNext({ users, conversations, groups, dedup }: Flush): number | null {
    const user = users.at(-1);
    if (user !== undefined) {
      const rows = this.#parts.logs.flush(user, FLUSH_ROWS);
      if (user.tail.length === 0) users.pop();
      return 1 + rows;
    }
    const conversation = conversations.pop();
    if (conversation !== undefined) return 1 + this.#parts.conversations.save(conversation);
    const group = groups.pop();
    if (group !== undefined) {
      const { rows, isDone } = this.#parts.groups.flush(group, FLUSH_ROWS);
      if (!isDone) groups.push(group);
      return rows;
    }
    const first = dedup.pop();
    if (first === undefined) return null;
    this.#parts.dedup.flush(first);
    return 1;
  }
}
