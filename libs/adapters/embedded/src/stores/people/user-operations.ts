import type { UserRecord } from '@chasqui/ports';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import type { StoreOperations } from '../store-operations.ts';

type UserOperations = Handlers<Pick<StoreOperations, Extract<keyof StoreOperations, `users.${string}`>>>;

export function userOperations({ db }: StoreContext): UserOperations {
  return {
    'users.create': ({ userId, passwordHash, displayName, createdAt }) =>
      db.run('INSERT OR IGNORE INTO accounts VALUES (?, ?, ?, ?)', userId, passwordHash, displayName, createdAt) === 1,
    'users.get'(userId) {
      const row = db.get('SELECT password_hash, display_name, created_at FROM accounts WHERE user_id = ?', userId);
      if (row === undefined) return null;
      const [passwordHash, displayName, createdAt] = row as [string, string, number];
      return { userId, passwordHash, displayName, createdAt } satisfies UserRecord;
    },
    'users.changePassword': ([userId, from, to]) =>
      db.run('UPDATE accounts SET password_hash = ? WHERE user_id = ? AND password_hash = ?', to, userId, from) === 1,
  };
}
