import { type Contact, type ContactState, ImError, PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import type { ContactStore, RelationPage } from '@chasqui/ports';
import type { Database, Row, Transaction } from '../engine/index.ts';
import { joinPair, lockPair, type Pair, partPair } from './pair.ts';

const STATES = 'SELECT other_id, state FROM contacts WHERE user_id = ? AND other_id IN (?)';
const LIST = 'SELECT other_id, state, at FROM contacts WHERE user_id = ? AND other_id > ?';
const ORDER = 'ORDER BY other_id LIMIT ?';

/** Requests that others sent to a user. */
const WAITING = "SELECT COUNT(*) FROM contacts WHERE user_id = ? AND state = 'incoming'";
const LONGEST = "SELECT other_id FROM contacts WHERE user_id = ? AND state = 'incoming' ORDER BY at LIMIT 1";

/** How many requests wait for each of the two users; exact, as both are locked. */
async function waitingFor(transaction: Transaction, { mine, theirs }: Pair): Promise<[mine: number, theirs: number]> {
  const counts = await transaction.query([mine, theirs].map(({ userId }) => ({ sql: WAITING, values: [userId] })));
  const [own, others] = counts.map(({ rows }) => Number(rows[0]?.[0]));
  return [own ?? 0, others ?? 0];
}

function mustFit(own: number): void {
  const { maxContactsPerUser } = PEOPLE_LIMITS;
  if (own >= maxContactsPerUser) throw new ImError('limit_reached', `your contacts: at most ${maxContactsPerUser}`);
}

/**
 * If an unanswered attempt wrote the request, the state shows it. `full`: too many requests wait for the other user's
 * answer.
 */
function tryRequest(
  database: Database,
  userId: UserId,
  other: UserId,
  at: number,
): Promise<ContactState | 'blocked' | 'full'> {
  return database.transaction<ContactState | 'blocked' | 'full'>(async (transaction) => {
    const pair = await lockPair(transaction, userId, other);
    if (pair.blockedAt !== null || pair.blockedBy) return { result: 'blocked', writes: [] };
    if (pair.state !== null && pair.state !== 'incoming') return { result: pair.state, writes: [] };
    const [waiting, waitingForOther] = await waitingFor(transaction, pair);
    mustFit(pair.mine.contacts - waiting);
    if (pair.state === 'incoming') return { result: 'contact', writes: joinPair(pair, ['contact', 'contact'], at) };
    if (waitingForOther >= PEOPLE_LIMITS.maxIncomingRequests) return { result: 'full', writes: [] };
    return { result: 'outgoing', writes: joinPair(pair, ['outgoing', 'incoming'], at) };
  });
}

/**
 * See `ContactStore.request`. The oldest waiting request ends in a transaction of its own, so that three people are
 * never locked at once. Each round frees one place, which a concurrent request may take.
 */
async function request(
  database: Database,
  userId: UserId,
  other: UserId,
  at: number,
): Promise<ContactState | 'blocked'> {
  for (;;) {
    const result = await tryRequest(database, userId, other, at);
    if (result !== 'full') return result;
    const { rows } = await database.run({ sql: LONGEST, values: [other] });
    const longest = rows[0]?.[0];
    if (longest !== undefined) await remove(database, other, longest as UserId, 'incoming');
  }
}

function accept(database: Database, userId: UserId, other: UserId, at: number): Promise<boolean> {
  return database.transaction<boolean>(async (transaction, earlier) => {
    const pair = await lockPair(transaction, userId, other);
    if (pair.state !== 'incoming') return { result: earlier === true && pair.state === 'contact', writes: [] };
    const [waiting] = await waitingFor(transaction, pair);
    mustFit(pair.mine.contacts - waiting);
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
