import type { UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

/** Refuses every token of a user, old and new, until the user is enabled, and ends their sessions. */
export async function disableUser(
  { revocations, sessionEnder, clock }: Pick<ApiContext, 'revocations' | 'sessionEnder' | 'clock'>,
  userId: UserId,
): Promise<void> {
  await revocations.disable(userId, clock.now());
  await sessionEnder.endAll(userId, undefined, 'user_disabled');
}
