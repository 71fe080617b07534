import { RecentMap } from '@chasqui/kit/base';
import type { Database, Row } from '../../sqlite/database.ts';
import {
  type Conversation,
  ENTRY_COLUMNS,
  ENTRY_WIDTH,
  type Entry,
  emptyEntry,
  entryValues,
  setEntry,
} from './entry.ts';
import type { User } from './users.ts';

const CACHED = 50_000;
const READ_COLUMNS = `${ENTRY_COLUMNS}, touched_at`;
const ENTRY = `SELECT ${READ_COLUMNS} FROM entries WHERE conversation = ? AND user = ?`;
const OF_USER = `SELECT c.id, c.name, ${READ_COLUMNS} FROM entries e JOIN conversations c ON c.id = e.conversation
  WHERE e.user = ?`;
const LATEST = `${OF_USER} AND e.touched_at > 0 AND e.touched_at <= ? ORDER BY e.touched_at DESC`;
const CREATE = 'INSERT INTO entries (conversation, user, touched_at, last_from) VALUES (?, ?, ?, ?)';
const TOUCH = 'UPDATE entries SET touched_at = ? WHERE conversation = ? AND user = ?';
const UPDATE = `UPDATE entries SET (${ENTRY_COLUMNS}) = (${Array(ENTRY_WIDTH).fill('?').join(', ')})
  WHERE conversation = ? AND user = ?`;

/** Numbers conversations, and caches the users' entries of those in use. */
export class Conversations {
  readonly #db: Database;
  readonly #byName = new RecentMap<string, Conversation>(CACHED);
  readonly #byId = new RecentMap<number, Conversation>(CACHED);
  /** Conversations with a dirty entry are not evicted. */
  readonly dirty = new Map<number, Conversation>();

  constructor(db: Database) {
    this.#db = db;
  }

  find(name: string): Conversation | undefined {
    const cached = this.#byName.get(name);
    if (cached !== undefined) return cached;
    const row = this.#db.get('SELECT id FROM conversations WHERE name = ?', name);
    if (row === undefined) return undefined;
    const id = row[0] as number;
    return this.#keep(this.dirty.get(id) ?? this.#byId.get(id) ?? { id, name, entries: new Map() });
  }

  /** Returns the conversation; a new one gets a number. */
  obtain(name: string): Conversation {
    const found = this.find(name);
    if (found !== undefined) return found;
    const id = this.#db.insert('INSERT INTO conversations (name) VALUES (?)', name);
    return this.#keep({ id, name, entries: new Map() });
  }

  /** Returns an existing conversation. */
  byId(id: number): Conversation {
    const cached = this.dirty.get(id) ?? this.#byId.get(id);
    if (cached !== undefined) return cached;
    const row = this.#db.get('SELECT name FROM conversations WHERE id = ?', id);
    if (row === undefined) throw new Error(`conversation ${id} is not in the table`);
    return this.#keep({ id, name: row[0] as string, entries: new Map() });
  }

  /** The user's entry, if there is one. */
  entry(conversation: Conversation, { id: user }: User): Entry | undefined {
    const known = conversation.entries.get(user);
    if (known !== undefined) return known ?? undefined;
    const row = this.#db.get(ENTRY, conversation.id, user);
    if (row !== undefined) return this.#load(conversation, user, row, 0);
    conversation.entries.set(user, null);
    return undefined;
  }

  /** Returns the user's entry; a new one is listed as of `touchedAt`, Unix ms; 0: not listed. */
  obtainEntry(conversation: Conversation, user: User, touchedAt: number): Entry {
    const found = this.entry(conversation, user);
    if (found !== undefined) return found;
    this.#db.run(CREATE, conversation.id, user.id, touchedAt, user.id);
    const entry = { ...emptyEntry(conversation, user.id), touchedAt };
    conversation.entries.set(user.id, entry);
    return entry;
  }

  /** The entries of a user, unordered. */
  ofUser(user: User): Entry[] {
    return this.#db.all(OF_USER, user.id).map((row) => this.#joined(row, user));
  }

  /** The entries listed as of `upTo` or before, the latest `touchedAt` first. */
  *latest(user: User, upTo: number): Iterable<Entry> {
    for (const row of this.#db.iterate(LATEST, user.id, upTo)) yield this.#joined(row, user);
  }

  touch(entry: Entry, at: number): void {
    this.#db.run(TOUCH, at, entry.conversation.id, entry.user);
    entry.touchedAt = at;
  }

  changed(entry: Entry): void {
    entry.isDirty = true;
    this.dirty.set(entry.conversation.id, entry.conversation);
  }

  /** Writes changes to the table. Returns the number of rows. */
  save(conversation: Conversation): number {
    let saved = 0;
    for (const entry of conversation.entries.values()) {
      if (entry?.isDirty !== true) continue;
      this.#db.run(UPDATE, ...entryValues(entry), conversation.id, entry.user);
      entry.isDirty = false;
      saved++;
    }
    this.dirty.delete(conversation.id);
    return saved;
  }

  clear(): void {
    this.#byName.clear();
    this.#byId.clear();
    this.dirty.clear();
  }

  /** The entry of a row that begins with its conversation's number and name. A cached entry is newer than the row. */
  #joined(row: Row, user: User): Entry {
    const [id, name] = row as [number, string, ...Row];
    const cached = this.dirty.get(id) ?? this.#byId.get(id);
    const conversation = this.#keep(cached ?? { id, name, entries: new Map() });
    return conversation.entries.get(user.id) ?? this.#load(conversation, user.id, row, 2);
  }

  #load(conversation: Conversation, user: number, row: Row, offset: number): Entry {
    const entry = emptyEntry(conversation, user);
    setEntry(entry, row, offset);
    entry.touchedAt = row[offset + ENTRY_WIDTH] as number;
    conversation.entries.set(user, entry);
    return entry;
  }

  #keep(conversation: Conversation): Conversation {
    this.#byName.set(conversation.name, conversation);
    this.#byId.set(conversation.id, conversation);
    return conversation;
  }
}
