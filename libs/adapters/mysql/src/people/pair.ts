import type { ContactState, UserId } from '@chasqui/domain';
import type { Statement, Transaction } from '../engine/index.ts';
import { lockPeople, type Person, savePeople } from './person.ts';

const SIDES = `SELECT user_id, state FROM contacts WHERE (user_id, other_id) IN (?)`;
const BLOCKS = `SELECT user_id, at FROM blocks WHERE (user_id, other_id) IN (?)`;
const SAVE = `INSERT INTO contacts (user_id, other_id, state, at) VALUES ?
  ON DUPLICATE KEY UPDATE state = VALUES(state), at = VALUES(at)`;
const PART = 'DELETE FROM contacts WHERE (user_id, other_id) IN (?)';

/** Two locked users and their relation, as the first sees it. */
export interface Pair {
  mine: Person;
  theirs: Person;
  state: ContactState | null;
  /** When the first user blocked the second; null: not blocked. */
  blockedAt: number | null;
  /** Whether the second user blocks the first. */
  blockedBy: boolean;
}

/** Takes one round trip. */
export async function lockPair(transaction: Transaction, userId: UserId, other: UserId): Promise<Pair> {
  const both = [userId, other];
  const keys = [both, [other, userId]];
  const { locked, answers } = await lockPeople(transaction, both, [
    { sql: SIDES, values: [keys] },
    { sql: BLOCKS, values: [keys] },
  ]);
  const [sides, blocks] = answers;
  const ofUser = (rows: typeof sides) => rows?.rows.find(([who]) => who === userId)?.[1] ?? null;
  return {
    mine: locked.get(userId) as Person,
    theirs: locked.get(other) as Person,
    state: ofUser(sides) as ContactState | null,
    blockedAt: ofUser(blocks) as number | null,
    blockedBy: blocks?.rows.some(([who]) => who === other) ?? false,
  };
}

/** Adds the relation to both users. */
export function joinPair({ mine, theirs, state }: Pair, sides: [ContactState, ContactState], at: number): Statement[] {
  const rows = [
    [mine.userId, theirs.userId, sides[0], at],
    [theirs.userId, mine.userId, sides[1], at],
  ];
  if (state !== null) return [{ sql: SAVE, values: [rows] }];
  mine.contacts++;
  theirs.contacts++;
  return [{ sql: SAVE, values: [rows] }, savePeople(mine, theirs)];
}

/** Removes the relation from both users, if it exists. */
export function partPair({ mine, theirs, state }: Pair): Statement[] {
  if (state === null) return [];
  mine.contacts--;
  theirs.contacts--;
  const keys = [
    [mine.userId, theirs.userId],
    [theirs.userId, mine.userId],
  ];
  return [{ sql: PART, values: [keys] }, savePeople(mine, theirs)];
}
