import { PEOPLE_LIMITS } from '@chasqui/domain';
import type { Database } from '../sqlite/database.ts';
import type { Handlers } from '../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const REVOKE = `INSERT INTO revocations VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET issued_before = max(issued_before, excluded.issued_before)`;
const BOUND = `DELETE FROM revocations WHERE user = ?1 AND device IN
  (SELECT device FROM revocations WHERE user = ?1 AND device <> '' ORDER BY issued_before DESC LIMIT -1 OFFSET ?2)`;
const TRIM = `DELETE FROM revocations WHERE (user, device) IN
  (SELECT user, device FROM revocations WHERE issued_before < ? LIMIT ?)`;

export function revocationOperations(db: Database): Handlers<OperationsOf<'revocations'>> {
  return {
    'revocations.revoke'({ userId, deviceId = '', issuedBefore }) {
      db.run(REVOKE, userId, deviceId, issuedBefore);
      db.run(BOUND, userId, PEOPLE_LIMITS.maxRevocationsPerUser);
      return null;
    },
    'revocations.cutOffs': (devices) =>
      devices.map(({ userId, deviceId }) =>
        db.number(
          "SELECT max(issued_before) FROM revocations WHERE user = ? AND device IN ('', ?)",
          ...([userId, deviceId] as const),
        ),
      ),
    'revocations.trim': ([olderThan, limit]) => db.run(TRIM, olderThan, limit),
  };
}
