import { ImError, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import { erasedAmong } from './erased-among.ts';

type AccessContext = Pick<ApiContext, 'revocations' | 'sessionEnder' | 'clock' | 'userEvents'>;

/** Refuses every token of a user, old and new, until the user is enabled, and ends their sessions. */
export async function disableUser(context: AccessContext, userId: UserId): Promise<void> {
  await lockOut(context, userId);
  context.userEvents.access(userId, 'disabled');
}

/** The same, and the host application is not told. */
export async function lockOut(
  { revocations, sessionEnder, clock }: Omit<AccessContext, 'userEvents'>,
  userId: UserId,
): Promise<void> {
  await revocations.disable(userId, clock.now());
  await sessionEnder.endAll(userId, undefined, 'user_disabled');
}

/** Lets a disabled user in again. False: they were not disabled. Errors: `user_erased`. */
export async function enableUser(
  context: AccessContext & Pick<ApiContext, 'erasures'>,
  userId: UserId,
): Promise<boolean> {
  await mustNotBeErased(context, userId);
  const wasDisabled = await context.revocations.enable(userId);
  if (wasDisabled) context.userEvents.access(userId, 'enabled');
  return wasDisabled;
}

/** Errors: `user_erased`. */
export async function mustNotBeErased({ erasures }: Pick<ApiContext, 'erasures'>, userId: UserId): Promise<void> {
  const [erased] = await erasedAmong(erasures, [userId]);
  if (erased === undefined) return;
  throw new ImError('user_erased', 'this user was erased, and the id is never given again', { field: 'userId' });
}
