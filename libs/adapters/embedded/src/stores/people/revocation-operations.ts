import { PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

/** The row for all of a user's devices holds the user's revocation counter. */
const COUNT = `INSERT INTO revocations (user, device, issued_before, counter) VALUES (?, '', 0, 1)
  ON CONFLICT DO UPDATE SET counter = counter + 1`;
const REVOKE = `INSERT INTO revocations (user, device, issued_before, generation)
  VALUES (?1, ?2, ?3, (SELECT counter FROM revocations WHERE user = ?1 AND device = ''))
  ON CONFLICT DO UPDATE SET issued_before = max(issued_before, excluded.issued_before), generation = excluded.generation`;
const BOUND = `DELETE FROM revocations WHERE user = ?1 AND device IN
  (SELECT device FROM revocations WHERE user = ?1 AND device <> ''
    ORDER BY generation DESC, issued_before DESC LIMIT -1 OFFSET ?2)`;
const TRIM = `DELETE FROM revocations WHERE (user, device) IN
  (SELECT user, device FROM revocations WHERE issued_before < ? AND device <> '' LIMIT ?)`;

const CUT_OFF = `SELECT max(generation), max(issued_before), max(counter) FROM revocations
  WHERE user = ? AND device IN ('', ?)`;

function disabledAt(db: Database, userId: UserId): number | null {
  return (db.get('SELECT at FROM disabled WHERE user = ?', userId)?.[0] as number | undefined) ?? null;
}

export function revocationOperations(db: Database): Handlers<OperationsOf<'revocations'>> {
  return {
    'revocations.revoke'({ userId, deviceId = '', issuedBefore }) {
      db.run(COUNT, userId);
      db.run(REVOKE, userId, deviceId, issuedBefore);
      db.run(BOUND, userId, PEOPLE_LIMITS.maxRevocationsPerUser);
      return null;
    },
    'revocations.disable': ([userId, at]) => db.run('INSERT OR IGNORE INTO disabled VALUES (?, ?)', userId, at) === 1,
    'revocations.enable': (userId) => db.run('DELETE FROM disabled WHERE user = ?', userId) === 1,
    'revocations.disabled': (userIds) => userIds.map((userId) => disabledAt(db, userId)),
    'revocations.cutOffs': (devices) =>
      devices.map(({ userId, deviceId }) => {
        const [generation, issuedBefore, current] = (db.get(CUT_OFF, userId, deviceId) ?? []) as (number | null)[];
        return {
          disabled: disabledAt(db, userId) !== null,
          generation: generation ?? 0,
          issuedBefore: issuedBefore ?? 0,
          current: current ?? 0,
        };
      }),
    'revocations.trim': ([olderThan, limit]) => db.run(TRIM, olderThan, limit),
  };
}
