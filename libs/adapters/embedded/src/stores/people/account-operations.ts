import { PEOPLE_LIMITS } from '@chasqui/domain';
import type { UserRecord } from '@chasqui/ports';
import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import type { StoreOperations } from '../store-operations.ts';
import type { OperationsOf } from './people-operations.ts';

type UserOperations = Handlers<Pick<StoreOperations, Extract<keyof StoreOperations, `users.${string}`>>>;

/** Instead of a hash: the user was erased, and the row keeps the id taken. */
const ERASED = '';
const ERASE = 'INSERT OR REPLACE INTO accounts VALUES (?1, ?2, ?2, 0)';

export function userOperations({ db }: StoreContext): UserOperations {
  return {
    'users.create': ({ userId, passwordHash, displayName, createdAt }) =>
      db.run('INSERT OR IGNORE INTO accounts VALUES (?, ?, ?, ?)', userId, passwordHash, displayName, createdAt) === 1,
    'users.get'(userId) {
      const row = db.get('SELECT password_hash, display_name, created_at FROM accounts WHERE user_id = ?', userId);
      if (row === undefined) return null;
      const [passwordHash, displayName, createdAt] = row as [string, string, number];
      if (passwordHash === ERASED) return null;
      return { userId, passwordHash, displayName, createdAt } satisfies UserRecord;
    },
    'users.changePassword': ([userId, from, to]) =>
      db.run('UPDATE accounts SET password_hash = ? WHERE user_id = ? AND password_hash = ?', to, userId, from) === 1,
    'users.erase'(userId) {
      db.run(ERASE, userId, ERASED);
      return null;
    },
  };
}

const BOUND = `DELETE FROM logins WHERE user = ?1 AND login IN
  (SELECT login FROM logins WHERE user = ?1 ORDER BY at DESC LIMIT -1 OFFSET ?2)`;
const TRIM = 'DELETE FROM logins WHERE (user, login) IN (SELECT user, login FROM logins WHERE at < ? LIMIT ?)';

export function loginOperations(db: Database): Handlers<OperationsOf<'logins'>> {
  return {
    'logins.begin'({ userId, loginId, step, at }) {
      db.run('INSERT OR IGNORE INTO logins VALUES (?, ?, ?, ?)', userId, loginId, step, at);
      db.run(BOUND, userId, PEOPLE_LIMITS.maxLoginsPerUser);
      return null;
    },
    'logins.refresh'([{ userId, loginId, step, at }, graceMs]) {
      const row = db.get('SELECT step, at FROM logins WHERE user = ? AND login = ?', userId, loginId);
      if (row === undefined) return 'ended';
      const [current, since] = row as [number, number];
      if (step === current - 1 && at - since <= graceMs) return current;
      if (step !== current) {
        db.run('DELETE FROM logins WHERE user = ? AND login = ?', userId, loginId);
        return 'reused';
      }
      db.run('UPDATE logins SET step = ?, at = ? WHERE user = ? AND login = ?', current + 1, at, userId, loginId);
      return current + 1;
    },
    'logins.endAll'(userId) {
      db.run('DELETE FROM logins WHERE user = ?', userId);
      return null;
    },
    'logins.trim': ([olderThan, limit]) => db.run(TRIM, olderThan, limit),
  };
}
