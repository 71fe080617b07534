import { membersOf } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';
import type { Database, Row } from '../../sqlite/database.ts';
import type { Users } from './users.ts';

/** 0: the user whose id comes first in the conversation's id. */
export type Side = 0 | 1;
type Pair<T> = [T, T];

/** A conversation as the worker knows it; both users' sessions at once. See the table. */
export interface Conversation {
  id: number;
  name: string;
  users: Pair<number>;
  names: Pair<string>;
  lastId: string;
  lastSide: Side;
  preview: string;
  updatedAt: number;
  touchedAt: number;
  sent: Pair<string>;
  unread: Pair<number>;
  read: Pair<string>;
  incoming: Pair<number>;
  trimmed: Pair<number>;
}

const CACHED = 50_000;
/** In the order of `stateOf`. */
const STATE_COLUMNS = `last_id, last_side, preview, updated_at, touched_at, sent_a, sent_b, unread_a, unread_b,
  read_a, read_b, incoming_a, incoming_b, trimmed_a, trimmed_b`;
export const STATE_WIDTH = 15;
const SELECT = `SELECT id, name, a, b, ${STATE_COLUMNS} FROM conversations`;
const UPDATE = `UPDATE conversations SET (${STATE_COLUMNS}) = (${Array(STATE_WIDTH).fill('?').join(', ')}) WHERE id = ?`;

export function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}

/** Everything of a conversation that changes, flat. */
export function stateOf(c: Conversation): (string | number)[] {
  return [
    ...[c.lastId, c.lastSide, c.preview, c.updatedAt, c.touchedAt],
    ...[...c.sent, ...c.unread, ...c.read, ...c.incoming, ...c.trimmed],
  ];
}

/** Overwrites the state with the STATE_WIDTH values from `offset` on. */
export function setState(c: Conversation, values: Row, offset: number): void {
  const text = (i: number) => values[offset + i] as string;
  const number = (i: number) => values[offset + i] as number;
  const pair = <T>(i: number, read: (i: number) => T): Pair<T> => [read(i), read(i + 1)];
  Object.assign(c, {
    lastId: text(0),
    lastSide: number(1) as Side,
    preview: text(2),
    updatedAt: number(3),
    touchedAt: number(4),
    sent: pair(5, text),
    unread: pair(7, number),
    read: pair(9, text),
    incoming: pair(11, number),
    trimmed: pair(13, number),
  } satisfies Partial<Conversation>);
}

/** Numbers conversations, and keeps the state of those in use. */
export class Conversations {
  readonly #db: Database;
  readonly #users: Users;
  readonly #byName = new RecentMap<string, Conversation>(CACHED);
  readonly #byId = new RecentMap<number, Conversation>(CACHED);
  /** Changed since the table was written: memory has the truth, so they stay. */
  readonly dirty = new Map<number, Conversation>();

  constructor(db: Database, users: Users) {
    this.#db = db;
    this.#users = users;
  }

  find(name: string): Conversation | undefined {
    const cached = this.#byName.get(name);
    if (cached !== undefined) return cached;
    const row = this.#db.get('SELECT id FROM conversations WHERE name = ?', name);
    return row === undefined ? undefined : this.byId(row[0] as number);
  }

  /** The conversation; a new one gets a number. Errors: `not_found` when the name is no conversation id. */
  obtain(name: string): Conversation {
    const found = this.find(name);
    if (found !== undefined) return found;
    const [a, b] = membersOf(name).map((user) => this.#users.obtain(user).id) as Pair<number>;
    const id = this.#db.insert('INSERT INTO conversations (name, a, b) VALUES (?, ?, ?)', name, a, b);
    for (const user of [a, b]) this.#db.run('INSERT INTO members VALUES (?, ?, 0)', user, id);
    return this.byId(id);
  }

  /** A conversation that exists. */
  byId(id: number): Conversation {
    const cached = this.dirty.get(id) ?? this.#byId.get(id);
    if (cached !== undefined) return this.#keep(cached);
    const row = this.#db.get(`${SELECT} WHERE id = ?`, id);
    if (row === undefined) throw new Error(`conversation ${id} is not in the table`);
    const [, name, a, b] = row as [number, string, number, number];
    const conversation = { id, name, users: [a, b], names: membersOf(name) } as Conversation;
    setState(conversation, row, 4);
    return this.#keep(conversation);
  }

  /** Writes the state to the table. */
  save(conversation: Conversation): void {
    this.#db.run(UPDATE, ...stateOf(conversation), conversation.id);
    this.dirty.delete(conversation.id);
  }

  clear(): void {
    this.#byName.clear();
    this.#byId.clear();
    this.dirty.clear();
  }

  #keep(conversation: Conversation): Conversation {
    this.#byName.set(conversation.name, conversation);
    this.#byId.set(conversation.id, conversation);
    return conversation;
  }
}
