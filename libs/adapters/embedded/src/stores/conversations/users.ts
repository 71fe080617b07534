import { RecentMap } from '@chasqui/kit/base';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { Database } from '../../sqlite/database.ts';
import { lastPosition } from './inbox-table.ts';

/** A user in the worker's memory: the inbox's head, and the entries that are not in the table yet. */
export interface User {
  id: number;
  name: string;
  /** The last position assigned. */
  head: number;
  /** Positions up to here are in the table. */
  flushed: number;
  /** Where the later rows wait: see `Logs`. */
  tail: number[];
  floor: number;
  /** How often the inbox got another epoch than the store's. */
  life: number;
  /** Unread in all conversations; -1: not computed yet. */
  total: number;
}

/** Cached users, besides those with unflushed entries. */
const CACHED = 50_000;

/** Numbers users, and caches the state of those in use. */
export class Users {
  readonly #db: Database;
  readonly #inbox: SortedTable;
  readonly #byName = new RecentMap<string, User>(CACHED);
  readonly #byId = new RecentMap<number, User>(CACHED);
  /** Users with a tail are not evicted: only memory has all of their entries. */
  readonly dirty = new Map<number, User>();

  constructor(db: Database, inbox: SortedTable) {
    this.#db = db;
    this.#inbox = inbox;
  }

  find(name: string): User | undefined {
    const cached = this.#byName.get(name);
    if (cached !== undefined) return cached;
    const row = this.#db.get('SELECT id FROM users WHERE name = ?', name);
    return row === undefined ? undefined : this.#keep(this.byId(row[0] as number));
  }

  /** Returns the user; a new one gets a number. */
  obtain(name: string): User {
    const found = this.find(name);
    if (found !== undefined) return found;
    const id = this.#db.insert('INSERT INTO users (name) VALUES (?)', name);
    return this.#keep({ id, name, head: 0, flushed: 0, tail: [], floor: 0, life: 0, total: 0 });
  }

  /** Returns an existing user. */
  byId(id: number): User {
    const cached = this.dirty.get(id) ?? this.#byId.get(id);
    if (cached !== undefined) return cached;
    const row = this.#db.get(
      'SELECT name, floor, (SELECT life FROM lives WHERE user = ?1) FROM users WHERE id = ?1',
      id,
    );
    if (row === undefined) throw new Error(`user ${id} is not in the table`);
    const [name, floor, life] = row as [string, number, number | null];
    const head = Math.max(floor, lastPosition(this.#inbox, id));
    return this.#keep({ id, name, head, flushed: head, tail: [], floor, life: life ?? 0, total: -1 });
  }

  clear(): void {
    this.#byName.clear();
    this.#byId.clear();
    this.dirty.clear();
  }

  #keep(user: User): User {
    this.#byName.set(user.name, user);
    this.#byId.set(user.id, user);
    return user;
  }
}
