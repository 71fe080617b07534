import type { GroupMember } from '@chasqui/client';
import { ROLES, type Role, type UserId } from '@chasqui/domain';
import type { GroupBody } from '../groups-api.ts';

export type MemberAction = 'makeAdmin' | 'takeAdmin' | 'transfer' | 'muteHour' | 'muteDay' | 'unmute' | 'remove';

/** What the user may do with another member: the server decides by the same rules. */
export function memberActions(
  { role: own, dissolvedAt }: Pick<GroupBody, 'role' | 'dissolvedAt'>,
  { userId, role, mutedUntil = 0 }: Pick<GroupMember, 'userId' | 'role' | 'mutedUntil'>,
  me: UserId,
  now: number,
): MemberAction[] {
  if (own === undefined || dissolvedAt !== undefined || userId === me || !isAbove(own, role)) return [];
  const ofOwner: MemberAction[] = own === 'owner' ? [role === 'admin' ? 'takeAdmin' : 'makeAdmin', 'transfer'] : [];
  const mutes: MemberAction[] = mutedUntil > now ? ['unmute'] : ['muteHour', 'muteDay'];
  return [...ofOwner, ...mutes, 'remove'];
}

function isAbove(own: Role, other: Role): boolean {
  return own !== 'member' && ROLES.indexOf(own) < ROLES.indexOf(other);
}
