import { ImError, type UserId } from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import type { ApiContext } from '../context.ts';

type NewcomerContext = Pick<ApiContext, 'blocks' | 'users' | 'profiles' | 'issuer' | 'settings'>;

/** A user who was not added, and why. */
export interface Skipped {
  userId: UserId;
  code: 'blocked' | 'not_found';
}

export interface Newcomers {
  users: UserId[];
  skipped: Skipped[];
}

/** Users who are looked up at a time. */
const AT_ONCE = 16;

/**
 * Those whom `by` may add to a group: not those who block `by`, nor users unknown here if accounts are kept here. With
 * the policy `silence`, the caller does not learn who blocks them.
 */
export async function newcomersOf(context: NewcomerContext, by: UserId, named: readonly UserId[]): Promise<Newcomers> {
  const asked = [...new Set(named)].filter((userId) => userId !== by);
  const [blocked, unknown] = await Promise.all([
    context.blocks.blocked(asked.map((userId) => ({ userId, other: by }))),
    unknownOf(context, asked),
  ]);
  const isSilent = context.settings.blockedSenders === 'silence';
  const found: Newcomers = { users: [], skipped: [] };
  for (const [index, userId] of asked.entries()) {
    if (unknown.has(userId)) found.skipped.push({ userId, code: 'not_found' });
    else if (!blocked[index]) found.users.push(userId);
    else if (!isSilent) found.skipped.push({ userId, code: 'blocked' });
  }
  return found;
}

/** Errors: `blocked` or `not_found`, if nobody is left of those named. */
export function refuseIfNone({ users, skipped: [first] }: Newcomers, field: string): void {
  if (users.length > 0 || first === undefined) return;
  const { userId, code } = first;
  throw new ImError(code, code === 'blocked' ? `${userId} blocks you` : `there is no user ${userId}`, { field });
}

async function unknownOf({ users, profiles, issuer }: NewcomerContext, asked: readonly UserId[]): Promise<Set<UserId>> {
  const unknown = new Set<UserId>();
  if (issuer === undefined) return unknown;
  const known = await profiles.get(asked);
  const rest = asked.filter((_, index) => known[index] === null);
  await inParallel(rest, AT_ONCE, async (userId) => {
    if ((await users.get(userId)) === null) unknown.add(userId);
  });
  return unknown;
}
