import { type Contact, type ContactState, ImError, PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import type { ContactStore, RelationPage } from '@chasqui/ports';
import type { Database, Row } from '../engine/index.ts';
import { joinPair, lockPair, partPair } from './pair.ts';

const STATES = 'SELECT other_id, state FROM contacts WHERE user_id = ? AND other_id IN (?)';
const LIST = 'SELECT other_id, state, at FROM contacts WHERE user_id = ? AND other_id > ?';
const ORDER = 'ORDER BY other_id LIMIT ?';

function mustFit(contacts: number, what: string): void {
  const { maxContactsPerUser } = PEOPLE_LIMITS;
  if (contacts >= maxContactsPerUser) throw new ImError('limit_reached', `${what}: ${maxContactsPerUser} at most`);
}

/** See `ContactStore.request`. What a lost first try wrote is what was asked for: the state says so. */
function request(database: Database, userId: UserId, other: UserId, at: number): Promise<ContactState | 'blocked'> {
  return database.transaction<ContactState | 'blocked'>(async (transaction) => {
    const pair = await lockPair(transaction, userId, other);
    if (pair.blockedAt !== null || pair.blockedBy) return { result: 'blocked', writes: [] };
    if (pair.state === 'incoming') return { result: 'contact', writes: joinPair(pair, ['contact', 'contact'], at) };
    if (pair.state !== null) return { result: pair.state, writes: [] };
    mustFit(pair.mine.contacts, 'your contacts');
    mustFit(pair.theirs.contacts, 'the contacts of the other');
    return { result: 'outgoing', writes: joinPair(pair, ['outgoing', 'incoming'], at) };
  });
}

function accept(database: Database, userId: UserId, other: UserId, at: number): Promise<boolean> {
  return database.transaction<boolean>(async (transaction, earlier) => {
    const pair = await lockPair(transaction, userId, other);
    if (pair.state !== 'incoming') return { result: earlier === true && pair.state === 'contact', writes: [] };
    return { result: true, writes: joinPair(pair, ['contact', 'contact'], at) };
  });
}

function remove(database: Database, userId: UserId, other: UserId, only?: ContactState): Promise<ContactState | null> {
  return database.transaction<ContactState | null>(async (transaction, earlier) => {
    const pair = await lockPair(transaction, userId, other);
    if (pair.state === null) return { result: earlier ?? null, writes: [] };
    if (only !== undefined && pair.state !== only) return { result: null, writes: [] };
    return { result: pair.state, writes: partPair(pair) };
  });
}

type ContactPage = RelationPage & { state?: ContactState };

async function list(database: Database, userId: UserId, { after = '', limit, state }: ContactPage): Promise<Contact[]> {
  const { rows } = await database.run(
    state === undefined
      ? { sql: `${LIST} ${ORDER}`, values: [userId, after, limit] }
      : { sql: `${LIST} AND state = ? ${ORDER}`, values: [userId, after, state, limit] },
  );
  return rows.map((row: Row) => {
    const [other, itsState, at] = row as [string, ContactState, number];
    return { userId, other, state: itsState, at };
  });
}

export function createContactStore(database: Database): ContactStore {
  return {
    request: (userId, other, at) => request(database, userId, other, at),
    accept: (userId, other, at) => accept(database, userId, other, at),
    remove: (userId, other, only) => remove(database, userId, other, only),
    async states(userId, others) {
      if (others.length === 0) return [];
      const { rows } = await database.run({ sql: STATES, values: [userId, others] });
      const states = new Map(rows as [UserId, ContactState][]);
      return others.map((other) => states.get(other) ?? null);
    },
    list: (userId, page) => list(database, userId, page),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
