import { ImError } from '@chasqui/domain';
import type { UserRecord } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';

/** Stores the account of a user with a password. Errors: `user_exists`. */
export async function storeAccount(
  { users, clock }: Pick<ApiContext, 'users' | 'clock'>,
  account: Omit<UserRecord, 'createdAt'>,
): Promise<void> {
  if (!(await users.create({ ...account, createdAt: clock.now() }))) throw userExists();
}

export function userExists(): ImError {
  return new ImError('user_exists', 'this user id is taken', { field: 'userId' });
}
