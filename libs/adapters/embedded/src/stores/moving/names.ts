import { RecentMap } from '@chasqui/kit/base';
import type { Database } from '../../sqlite/database.ts';
import type { Conversations } from '../conversations/conversations.ts';

const CACHED = 50_000;

/**
 * The names that numbers stand for. Users are looked up without their logs, which would be read from the table, once for
 * each.
 */
export class Names {
  readonly #db: Database;
  readonly #conversations: Conversations;
  readonly #users = new RecentMap<number, string>(CACHED);
  readonly #ids = new RecentMap<string, number>(CACHED);

  constructor(db: Database, conversations: Conversations) {
    this.#db = db;
    this.#conversations = conversations;
  }

  user(id: number): string {
    const known = this.#users.get(id);
    if (known !== undefined) return known;
    const row = this.#db.get('SELECT name FROM users WHERE id = ?', id);
    if (row === undefined) throw new Error(`user ${id} is not in the table`);
    this.#users.set(id, row[0] as string);
    return row[0] as string;
  }

  /** A new one gets a number. */
  userId(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const row = this.#db.get('SELECT id FROM users WHERE name = ?', name);
    const id = (row?.[0] as number | undefined) ?? this.#db.insert('INSERT INTO users (name) VALUES (?)', name);
    this.#ids.set(name, id);
    return id;
  }

  conversation(id: number): string {
    return this.#conversations.byId(id).name;
  }

  /** A new one gets a number. */
  conversationId(name: string): number {
    return this.#conversations.obtain(name).id;
  }

  /** The transaction was rolled back: numbers that it gave are not taken. */
  clear(): void {
    this.#users.clear();
    this.#ids.clear();
  }
}
