import type { UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

type AccessContext = Pick<ApiContext, 'revocations' | 'sessionEnder' | 'clock' | 'userEvents'>;

/** Refuses every token of a user, old and new, until the user is enabled, and ends their sessions. */
export async function disableUser(context: AccessContext, userId: UserId): Promise<void> {
  const { revocations, sessionEnder, clock, userEvents } = context;
  await revocations.disable(userId, clock.now());
  userEvents.access(userId, 'disabled');
  await sessionEnder.endAll(userId, undefined, 'user_disabled');
}

/** False: the user was not disabled. */
export async function enableUser({ revocations, userEvents }: AccessContext, userId: UserId): Promise<boolean> {
  const wasDisabled = await revocations.enable(userId);
  if (wasDisabled) userEvents.access(userId, 'enabled');
  return wasDisabled;
}
