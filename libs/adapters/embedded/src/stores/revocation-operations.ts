import { PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import { EVERY_TOKEN } from '@chasqui/ports';
import type { Database } from '../sqlite/database.ts';
import type { Handlers } from '../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const REVOKE = `INSERT INTO revocations VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET issued_before = max(issued_before, excluded.issued_before)`;
const BOUND = `DELETE FROM revocations WHERE user = ?1 AND device IN
  (SELECT device FROM revocations WHERE user = ?1 AND device <> '' ORDER BY issued_before DESC LIMIT -1 OFFSET ?2)`;
const TRIM = `DELETE FROM revocations WHERE (user, device) IN
  (SELECT user, device FROM revocations WHERE issued_before < ? LIMIT ?)`;

const CUT_OFF = "SELECT max(issued_before) FROM revocations WHERE user = ? AND device IN ('', ?)";

function disabledAt(db: Database, userId: UserId): number | null {
  return (db.get('SELECT at FROM disabled WHERE user = ?', userId)?.[0] as number | undefined) ?? null;
}

export function revocationOperations(db: Database): Handlers<OperationsOf<'revocations'>> {
  return {
    'revocations.revoke'({ userId, deviceId = '', issuedBefore }) {
      db.run(REVOKE, userId, deviceId, issuedBefore);
      db.run(BOUND, userId, PEOPLE_LIMITS.maxRevocationsPerUser);
      return null;
    },
    'revocations.disable': ([userId, at]) => db.run('INSERT OR IGNORE INTO disabled VALUES (?, ?)', userId, at) === 1,
    'revocations.enable': (userId) => db.run('DELETE FROM disabled WHERE user = ?', userId) === 1,
    'revocations.disabled': (userIds) => userIds.map((userId) => disabledAt(db, userId)),
    'revocations.cutOffs': (devices) =>
      devices.map(({ userId, deviceId }) =>
        disabledAt(db, userId) === null ? db.number(CUT_OFF, userId, deviceId) : EVERY_TOKEN,
      ),
    'revocations.trim': ([olderThan, limit]) => db.run(TRIM, olderThan, limit),
  };
}
