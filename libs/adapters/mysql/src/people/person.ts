import type { UserId } from '@chasqui/domain';
import { type Answer, Missing, type Statement } from '../engine/index.ts';

/** What a user has, as the row that locks it says. */
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

/** Locks users until the transaction ends, always in the order of the ids, as `lockHeads` does for inboxes. */
export function lockPeople(userIds: Iterable<UserId>): Statement {
  return { sql: LOCK, values: [[...new Set(userIds)].sort()] };
}

/** The locked users. Errors: `Missing` when one has no row yet. */
export function peopleOf(userIds: Iterable<UserId>, answer: Answer | undefined): Map<UserId, Person> {
  const people = new Map<UserId, Person>();
  for (const row of answer?.rows ?? []) {
    const [userId, contacts, blocks] = row as [string, number, number];
    people.set(userId, { userId, contacts, blocks });
  }
  const missing = [...new Set(userIds)].filter((userId) => !people.has(userId)).sort();
  if (missing.length > 0) throw new Missing([{ sql: CREATE, values: [missing.map((userId) => [userId])] }]);
  return people;
}

/** Writes what changed of how much they have. */
export function savePeople(...people: readonly Person[]): Statement {
  return { sql: SAVE, values: [people.map(({ userId, contacts, blocks }) => [userId, contacts, blocks])] };
}
