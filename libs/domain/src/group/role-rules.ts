import { checkSettings, mustBeAdmin, mustBeMember, mustBeOwner, mustBeUser, mustOutrank } from './change-checks.ts';
import { type GroupProfile, type GroupSettings, isAllowed } from './group.ts';
import type { GroupChange } from './group-change.ts';
import { type GroupDraft, refusal } from './group-draft.ts';

// What a group is, and who may do what in it.

export function update(draft: GroupDraft, { at, details }: GroupChange<'update'>): void {
  const { settings = {}, ...profile } = details;
  const { asker, group } = draft;
  if (Object.keys(settings).length > 0) mustBeAdmin(draft, 'change settings');
  if (Object.keys(profile).length > 0) {
    if (!isAllowed(group.settings.change, asker.role)) {
      throw refusal('not_allowed', 'conversationId', 'only admins of this group may change it: ask one of them');
    }
    if (asker.mutedUntil > at) throw refusal('muted', 'conversationId', 'you are muted in this group');
  }
  checkSettings(settings, draft.bounds);
  const values: Partial<GroupProfile> & { settings?: Partial<GroupSettings> } = differences(group, profile);
  const changed = differences(group.settings, settings);
  if (Object.keys(changed).length > 0) values.settings = changed;
  if (Object.keys(values).length === 0) return;
  draft.setGroup({ ...values, settings: { ...group.settings, ...changed } });
  draft.announce('updated', undefined, values);
}

export function role(draft: GroupDraft, { details: { userId, role } }: GroupChange<'role'>): void {
  mustBeOwner(draft, 'change roles');
  const member = mustBeMember(draft, userId);
  if (member.role === 'owner') {
    throw refusal('not_allowed', 'userId', 'the owner stays the owner: transfer the group instead');
  }
  if (member.role === role) return;
  draft.setMember(userId, { role, ...(role === 'admin' ? { mutedUntil: 0 } : {}) });
  draft.announce('role', [userId], { role });
  draft.tell([userId], 'role');
}

/** Not by the system: a change loads those whom it names alone, and the former owner changes too. */
export function transfer(draft: GroupDraft, { by, details: { userId } }: GroupChange<'transfer'>): void {
  mustBeUser(by);
  mustBeOwner(draft, 'transfer it');
  mustBeMember(draft, userId);
  if (userId === by) return;
  draft.setMember(by, { role: 'admin' });
  draft.setMember(userId, { role: 'owner', mutedUntil: 0 });
  draft.setGroup({ owner: userId });
  draft.announce('owner', [userId]);
  draft.tell([by, userId], 'role');
  draft.answer({ users: [by, userId] });
}

export function mute(draft: GroupDraft, { details: { userId, until } }: GroupChange<'mute'>): void {
  mustBeAdmin(draft, 'mute members');
  const member = mustBeMember(draft, userId);
  mustOutrank(draft.asker, member, 'userId');
  if (member.mutedUntil === until) return;
  draft.setMember(userId, { mutedUntil: until });
  draft.announce('muted', [userId], { until });
  draft.tell([userId], 'muted');
}

export function dissolve(draft: GroupDraft, { at }: GroupChange<'dissolve'>): void {
  mustBeOwner(draft, 'dissolve it');
  const { owner } = draft.group;
  draft.dissolve(at);
  draft.announce('dissolved', [owner]);
  draft.tell([owner], 'dissolved');
}

/** The fields of `next` that differ. */
function differences<T extends object>(now: T, next: Partial<T>): Partial<T> {
  const changed: Partial<T> = {};
  for (const key in next) if (next[key] !== undefined && next[key] !== now[key]) changed[key] = next[key];
  return changed;
}
