import { type Block, CONTACT_STATES, type Contact, type ContactState, ImError, PEOPLE_LIMITS } from '@chasqui/domain';
import type { RelationPage } from '@chasqui/ports';
import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const LIST_BLOCKS = 'SELECT other, at FROM blocks WHERE user = ? AND other > ? ORDER BY other LIMIT ?';
const LIST_CONTACTS = `SELECT other, state, at FROM contacts WHERE user = ? AND other > ? AND state = ifnull(?, state)
  ORDER BY other LIMIT ?`;

/** Ends the relation of two users for both. */
function part(db: Database, userId: string, other: string): void {
  db.run('DELETE FROM contacts WHERE user = ? AND other = ?', userId, other);
  db.run('DELETE FROM contacts WHERE user = ? AND other = ?', other, userId);
}

function isBlocked(db: Database, userId: string, other: string): boolean {
  return db.get('SELECT 1 FROM blocks WHERE user = ? AND other = ?', userId, other) !== undefined;
}

function block(db: Database, userId: string, other: string, at: number): boolean {
  if (isBlocked(db, userId, other)) return false;
  const { maxBlocksPerUser } = PEOPLE_LIMITS;
  if (db.number('SELECT count(*) FROM blocks WHERE user = ?', userId) >= maxBlocksPerUser) {
    throw new ImError('limit_reached', `your blocks: at most ${maxBlocksPerUser}`);
  }
  db.run('INSERT INTO blocks VALUES (?, ?, ?)', userId, other, at);
  part(db, userId, other);
  return true;
}

export function blockOperations(db: Database): Handlers<OperationsOf<'blocks'>> {
  return {
    'blocks.block': ([userId, other, at]) => block(db, userId, other, at),
    'blocks.unblock': ([userId, other]) =>
      db.run('DELETE FROM blocks WHERE user = ? AND other = ?', userId, other) === 1,
    'blocks.blocked'(users) {
      const blocked: boolean[] = [];
      for (let i = 0; i < users.length; i += 2) blocked.push(isBlocked(db, users[i] ?? '', users[i + 1] ?? ''));
      return blocked;
    },
    'blocks.list': ([userId, { after = '', limit }]) =>
      db.all(LIST_BLOCKS, userId, after, limit).map(([other, at]) => ({ userId, other, at }) as Block),
  };
}

const placeOf = (state: ContactState): number => CONTACT_STATES.indexOf(state);
const INCOMING = placeOf('incoming');

function stateOf(db: Database, userId: string, other: string): ContactState | null {
  const row = db.get('SELECT state FROM contacts WHERE user = ? AND other = ?', userId, other);
  return row === undefined ? null : (CONTACT_STATES[row[0] as number] ?? null);
}

function set(db: Database, userId: string, other: string, state: ContactState, at: number): void {
  db.run('INSERT OR REPLACE INTO contacts VALUES (?, ?, ?, ?)', userId, other, placeOf(state), at);
}

/** Makes the two users contacts; `userId` has just agreed. */
function join(db: Database, userId: string, other: string, at: number): void {
  mustHaveRoom(db, userId);
  set(db, userId, other, 'contact', at);
  set(db, other, userId, 'contact', at);
}

function mustHaveRoom(db: Database, userId: string): void {
  const { maxContactsPerUser } = PEOPLE_LIMITS;
  const own = db.number('SELECT count(*) FROM contacts WHERE user = ? AND state <> ?', userId, INCOMING);
  if (own >= maxContactsPerUser) throw new ImError('limit_reached', `your contacts: at most ${maxContactsPerUser}`);
}

/** Ends the oldest request to the user, if their number is at its bound. */
function makeRoomForRequest(db: Database, userId: string): void {
  const waiting = db.number('SELECT count(*) FROM contacts WHERE user = ? AND state = ?', userId, INCOMING);
  if (waiting < PEOPLE_LIMITS.maxIncomingRequests) return;
  const longest = db.get(
    'SELECT other FROM contacts WHERE user = ? AND state = ? ORDER BY at LIMIT 1',
    userId,
    INCOMING,
  );
  if (longest !== undefined) part(db, userId, longest[0] as string);
}

function request(db: Database, userId: string, other: string, at: number): ContactState | 'blocked' {
  if (isBlocked(db, userId, other) || isBlocked(db, other, userId)) return 'blocked';
  const state = stateOf(db, userId, other);
  if (state === 'incoming') {
    join(db, userId, other, at);
    return 'contact';
  }
  if (state !== null) return state;
  mustHaveRoom(db, userId);
  makeRoomForRequest(db, other);
  set(db, userId, other, 'outgoing', at);
  set(db, other, userId, 'incoming', at);
  return 'outgoing';
}

function list(db: Database, userId: string, page: RelationPage & { state?: ContactState }): Contact[] {
  const { after = '', limit, state } = page;
  const rows = db.all(LIST_CONTACTS, userId, after, state === undefined ? null : placeOf(state), limit);
  return rows.map(([other, place, at]) => ({ userId, other, state: CONTACT_STATES[place as number], at }) as Contact);
}

export function contactOperations(db: Database): Handlers<OperationsOf<'contacts'>> {
  return {
    'contacts.request': ([userId, other, at]) => request(db, userId, other, at),
    'contacts.accept'([userId, other, at]) {
      if (stateOf(db, userId, other) !== 'incoming') return false;
      join(db, userId, other, at);
      return true;
    },
    'contacts.remove'([userId, other, only]) {
      const state = stateOf(db, userId, other);
      if (state === null || (only !== null && state !== only)) return null;
      part(db, userId, other);
      return state;
    },
    'contacts.states': ([userId, others]) => others.map((other) => stateOf(db, userId, other)),
    'contacts.list': ([userId, page]) => list(db, userId, page),
  };
}
