import { ImError, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

/** A user who was not added, and why. */
export interface Skipped {
  userId: UserId;
  code: 'blocked';
}

export interface AddableUsers {
  users: UserId[];
  skipped: Skipped[];
}

/**
 * Those whom `by` may add to a group: not those who block `by`. With the policy `silence`, the caller does not learn
 * who does.
 */
export async function addableUsers(
  { blocks, settings }: Pick<ApiContext, 'blocks' | 'settings'>,
  by: UserId,
  named: readonly UserId[],
): Promise<AddableUsers> {
  const asked = [...new Set(named)].filter((userId) => userId !== by);
  const isBlocked = await blocks.blocked(asked.map((userId) => ({ userId, other: by })));
  const users = asked.filter((_, index) => !isBlocked[index]);
  const skipped = asked.filter((_, index) => isBlocked[index]);
  const isSilent = settings.blockedSenders === 'silence';
  return { users, skipped: isSilent ? [] : skipped.map((userId) => ({ userId, code: 'blocked' })) };
}

/** Errors: `blocked`, if nobody is left of those named. */
export function refuseIfNone({ users, skipped: [first] }: AddableUsers, field: string): void {
  if (users.length === 0 && first !== undefined) throw new ImError('blocked', `${first.userId} blocks you`, { field });
}
