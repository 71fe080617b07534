import type { UserId } from '@chasqui/domain';
import type { Answer, Statement, Transaction } from '../engine/index.ts';

/** A user's counts, as the locked row has them. */
export interface Person {
  userId: UserId;
  contacts: number;
  blocks: number;
}

const LOCK = `SELECT user_id, contacts, blocks FROM people FORCE INDEX (PRIMARY)
  WHERE user_id IN (?) ORDER BY user_id FOR UPDATE`;
const SAVE = `INSERT INTO people (user_id, contacts, blocks) VALUES ?
  ON DUPLICATE KEY UPDATE contacts = VALUES(contacts), blocks = VALUES(blocks)`;
const CREATE = 'INSERT INTO people (user_id) VALUES ? ON DUPLICATE KEY UPDATE user_id = VALUES(user_id)';

/**
 * Locks users until the transaction ends, then reads them. In id order, as `lockHeads` does for inboxes. Users without
 * a row get one.
 */
export async function lockPeople(
  transaction: Transaction,
  userIds: Iterable<UserId>,
  reads: readonly Statement[],
): Promise<{ locked: Map<UserId, Person>; answers: Answer[] }> {
  const users = [...new Set(userIds)].sort();
  const create: Statement = { sql: CREATE, values: [users.map((userId) => [userId])] };
  const [, found, ...answers] = await transaction.query([create, { sql: LOCK, values: [users] }, ...reads]);
  const people = (found?.rows ?? []).map((row): Person => {
    const [userId, contacts, blocks] = row as [string, number, number];
    return { userId, contacts, blocks };
  });
  return { locked: new Map(people.map((person) => [person.userId, person])), answers };
}

/** Writes the changed counts. */
export function savePeople(...people: readonly Person[]): Statement {
  return { sql: SAVE, values: [people.map(({ userId, contacts, blocks }) => [userId, contacts, blocks])] };
}
