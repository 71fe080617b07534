import { RecentMap } from '@chasqui/kit/base';
import type { RunFlush } from '../../runs/run-flush.ts';
import type { SortedTables } from '../../runs/sorted-tables.ts';
import type { Database } from '../../sqlite/database.ts';
import { FAMILY } from '../families.ts';
import { ConversationNames } from './conversation-names.ts';
import { type Conversation, type Entry, emptyEntry } from './entry.ts';
import { EntryTable } from './entry-table.ts';
import type { User } from './users.ts';

const CACHED = 20_000;

/** Numbers conversations, and caches the users' entries of those in use. */
export class Conversations {
  readonly #db: Database;
  readonly #names: ConversationNames;
  readonly #entries: EntryTable;
  readonly #byName = new RecentMap<string, Conversation>(CACHED);
  readonly #byId = new RecentMap<number, Conversation>(CACHED);
  /** Conversations with an unflushed entry are not evicted. */
  readonly #unflushed = new Map<number, Conversation>();

  constructor(db: Database, tables: SortedTables) {
    this.#db = db;
    this.#names = new ConversationNames(db, tables.open({ family: FAMILY.names }));
    this.#entries = new EntryTable(tables);
  }

  find(name: string): Conversation | undefined {
    const cached = this.#byName.get(name);
    if (cached !== undefined) return cached;
    const id = this.#names.find(name);
    if (id === undefined) return undefined;
    return this.#keep(this.#inMemory(id) ?? { id, name, entries: [], isNew: false });
  }

  /** Returns the conversation; a new one gets a number. */
  obtain(name: string): Conversation {
    const found = this.find(name);
    if (found !== undefined) return found;
    const id = this.#db.insert('INSERT INTO conversations (name) VALUES (?)', name);
    this.#names.add(name, id);
    return this.#keep({ id, name, entries: [], isNew: true });
  }

  /** Returns an existing conversation. */
  byId(id: number): Conversation {
    const cached = this.#inMemory(id);
    if (cached !== undefined) return cached;
    const row = this.#db.get('SELECT name FROM conversations WHERE id = ?', id);
    if (row === undefined) throw new Error(`conversation ${id} is not in the table`);
    return this.#keep({ id, name: row[0] as string, entries: [], isNew: false });
  }

  /** The user's entry, if there is one. */
  entry(conversation: Conversation, { id: user }: Pick<User, 'id'>): Entry | undefined {
    for (const entry of conversation.entries) if (entry.user === user) return entry;
    if (conversation.isNew) return undefined;
    const entry = this.#entries.get(conversation, user);
    if (entry !== undefined) join(conversation, entry);
    return entry;
  }

  /** Returns the user's entry; a new one is listed as of `touchedAt`, Unix ms; 0: not listed. */
  obtainEntry(conversation: Conversation, user: User, touchedAt: number): Entry {
    const found = this.entry(conversation, user);
    if (found !== undefined) return found;
    const entry = { ...emptyEntry(conversation, user.id), touchedAt };
    join(conversation, entry);
    return entry;
  }

  /** The entries of a user, unordered. */
  *ofUser(user: User): Iterable<Entry> {
    yield* this.#entries.unflushed(user.id);
    for (const id of this.#entries.flushed(user.id)) {
      const entry = this.entry(this.byId(id), user);
      if (entry?.isUnflushed === false) yield entry;
    }
  }

  /** The entries listed as of `upTo` or before, the latest `touchedAt` first. */
  *latest(user: User, upTo: number): Iterable<Entry> {
    const inMemory = this.#entries
      .unflushed(user.id)
      .filter(({ touchedAt }) => touchedAt > 0 && touchedAt <= upTo)
      .sort((a, b) => a.touchedAt - b.touchedAt);
    for (const { touchedAt, conversation } of this.#entries.listed(user.id, upTo)) {
      const entry = this.entry(this.byId(conversation), user);
      if (entry === undefined || entry.isUnflushed || entry.touchedAt !== touchedAt) continue;
      while ((inMemory.at(-1)?.touchedAt ?? 0) >= touchedAt) yield inMemory.pop() as Entry;
      yield entry;
    }
    yield* inMemory.reverse();
  }

  changed(entry: Entry): void {
    this.#entries.changed(entry);
    this.#unflushed.set(entry.conversation.id, entry.conversation);
  }

  /** Moves what is in memory into the tables. */
  startFlush(): RunFlush[] {
    const released = ({ conversation }: Entry) => {
      const isHeld = conversation.entries.some(({ isUnflushed }) => isUnflushed);
      if (!isHeld) this.#unflushed.delete(conversation.id);
    };
    return [this.#names.startFlush(), ...this.#entries.startFlush(released)];
  }

  /** Moves the numbers of new conversations into the table, in this transaction. */
  flushNames(): void {
    const flush = this.#names.startFlush();
    flush.write(Number.POSITIVE_INFINITY);
    flush.finish();
    flush.release(Number.POSITIVE_INFINITY);
  }

  reload(): void {
    this.#byName.clear();
    this.#byId.clear();
    this.#unflushed.clear();
    this.#entries.clear();
    this.#names.reload();
  }

  #inMemory(id: number): Conversation | undefined {
    return this.#unflushed.get(id) ?? this.#byId.get(id);
  }

  #keep(conversation: Conversation): Conversation {
    this.#byName.set(conversation.name, conversation);
    this.#byId.set(conversation.id, conversation);
    return conversation;
  }
}

/** An array of the very length: `push` would make room for 16 more, in each of tens of thousands of conversations. */
function join(conversation: Conversation, entry: Entry): void {
  conversation.entries = [...conversation.entries, entry];
}
