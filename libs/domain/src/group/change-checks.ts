import type { UserId } from '../conversation/conversation-id.ts';
import { SYSTEM_USER } from '../conversation/system-user.ts';
import type { GroupBounds } from './change-state.ts';
import { type GroupSettings, ROLES, type Role } from './group.ts';
import type { GroupChange } from './group-change.ts';
import { type GroupDraft, refusal } from './group-draft.ts';
import type { Member } from './member.ts';

/** Errors: `limit_reached`. */
export function checkSettings({ maxMembers }: Partial<GroupSettings>, { maxGroupMembers }: GroupBounds): void {
  if (maxMembers === undefined || maxMembers <= maxGroupMembers) return;
  throw refusal('limit_reached', 'settings.maxMembers', `a group may have at most ${maxGroupMembers} members here`);
}

/** Errors: `not_allowed`. */
export function mustBeAdmin(draft: GroupDraft, what: string): void {
  if (draft.asker.role !== 'member') return;
  throw refusal('not_allowed', 'conversationId', `only admins of this group may ${what}: ask one of them`);
}

export function mustBeOwner(draft: GroupDraft, what: string): void {
  if (draft.asker.role === 'owner') return;
  throw refusal('not_allowed', 'conversationId', `only the owner of this group may ${what}: ask ${draft.group.owner}`);
}

/** The system is in no group. Errors: `not_allowed`. */
export function mustBeUser(by: UserId): void {
  if (by === SYSTEM_USER) throw refusal('not_allowed', 'by', 'the system is in no group: name a user');
}

/** Nor is it added to one. Errors: `not_allowed`. */
export function mustNotAddSystem({ details }: GroupChange): void {
  for (const [field, users] of Object.entries(details)) {
    if (!['users', 'members'].includes(field) || !(users as readonly UserId[]).includes(SYSTEM_USER)) continue;
    throw refusal('not_allowed', field, 'the system is in no group: leave it out');
  }
}

export function mustBeMember(draft: GroupDraft, userId: UserId): Member {
  const member = draft.current(userId);
  if (member === null) throw refusal('not_found', 'userId', `${userId} is not a member of this group`);
  return member;
}

/** Errors: `not_allowed`. */
export function mustOutrank(asker: Member, { role, userId }: Member, field: string): void {
  const rank = (one: Role) => ROLES.indexOf(one);
  if (rank(asker.role) < rank(role)) return;
  throw refusal('not_allowed', field, `${userId} is ${role} of this group: only a higher role may do this to them`);
}
