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
  type Recording,
  replayTransaction,
  UPDATE_WIDTH,
} from './journaled-transaction.ts';

/** Rows flushed per commit, at least; and per row written by that commit. */
const FLUSH_ROWS = 100;
const FLUSH_FACTOR = 4;

/** What is left to flush, and the last journal row that it covers. */
interface Flush {
  users: User[];
  conversations: Conversation[];
  dedup: FirstRecording[];
  upTo: number;
}

/**
 * Group commit, second stage. Log entries, dedup rows and conversation entries are scattered over their tables: written
 * at once, each would cost a page. So a transaction writes them into one journal row, keeps them in memory, and later
 * flushes many transactions' worth into the tables, user by user, a slice per commit so that no commit is slow. Opening
 * replays what the journal still has; everything in it is absolute, so replaying what was flushed already changes nothing.
 */
export class Journal {
  readonly #db: Database;
  readonly #parts: JournalParts;
  readonly #flushAt: number;
  #body: JournaledTransaction = { recordings: [], updates: [], entries: [] };
  readonly #changed = new Set<Entry>();
  /** Characters in the table. */
  #size = 0;
  #flushing: Flush | undefined;

  constructor(db: Database, parts: JournalParts, flushAt: number) {
    this.#db = db;
    this.#parts = parts;
    this.#flushAt = flushAt;
  }

  /** Appends a message to logs, and to the dedup rows. */
  record(
    given: Omit<FirstRecording, 'places'>,
    to: readonly { user: User /** See `LogRow.previous`. */; previous: number }[],
  ): Recording {
    const { logs, dedup } = this.#parts;
    const places = to.map(({ user, previous }) => ({
      log: user.id,
      position: logs.append(user, messageRow(given, previous)),
      previous,
    }));
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

  /** Writes what this transaction did, and flushes a slice. Called once before each commit. */
  write(now: number): void {
    const body = this.#body;
    const rows = body.recordings.length / RECORDING_WIDTH + body.updates.length / UPDATE_WIDTH + this.#changed.size;
    if (rows === 0) return;
    body.entries = allEntryValues(this.#changed);
    const text = JSON.stringify(body);
    this.#db.run('INSERT INTO journal (body) VALUES (?)', text);
    this.#size += text.length;
    this.#reset();
    if (this.#flushing === undefined && this.#size >= this.#flushAt) this.#startFlush();
    if (this.#flushing !== undefined) this.#flush(Math.max(FLUSH_ROWS, rows * FLUSH_FACTOR), now);
  }

  /** Brings memory, which holds nothing of it, to what the journal says; the running transaction is forgotten. */
  replay(): void {
    this.#reset();
    this.#flushing = undefined;
    this.#size = 0;
    for (const [text] of this.#db.iterate('SELECT body FROM journal ORDER BY id')) {
      this.#size += (text as string).length;
      replayTransaction(this.#parts, this.#parsed(text as string));
    }
  }

  /** Nothing may be left out of it: positions would be given out twice (C10). Errors: `data_damaged`. */
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
  }

  #startFlush(): void {
    const { users, conversations, dedup } = this.#parts;
    const byId = (a: { id: number }, b: { id: number }) => b.id - a.id;
    this.#flushing = {
      users: [...users.dirty.values()].sort(byId),
      conversations: [...conversations.dirty.values()].sort(byId),
      dedup: dedup.unflushed(),
      upTo: this.#db.number('SELECT max(id) FROM journal'),
    };
  }

  /** Flushes about `rows` rows; at the end the journal up to where flushing began is done with. */
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

  /** Flushes the next thing; how many rows that was, or null when nothing is left. */
  #flushNext({ users, conversations, dedup }: Flush): number | null {
    const user = users.pop();
    if (user !== undefined) return 1 + this.#parts.logs.flush(user);
    const conversation = conversations.pop();
    if (conversation !== undefined) return 1 + this.#parts.conversations.save(conversation);
    const first = dedup.pop();
    if (first === undefined) return null;
    this.#parts.dedup.flush(first);
    return 1;
  }
}
