import type { UserId } from '../conversation/conversation-id.ts';
import { checkSettings, mustBeAdmin, mustBeUser, mustOutrank } from './change-checks.ts';
import type { GroupBounds } from './change-state.ts';
import { defaultSettings, type Group, isAllowed } from './group.ts';
import type { GroupChange } from './group-change.ts';
import { type GroupDraft, refusal } from './group-draft.ts';
import { MAX_REQUESTS } from './group-link.ts';
import { mustAskToJoin } from './member.ts';

// Who is in a group.

export function create(draft: GroupDraft, { conversationId, by, at, details }: GroupChange<'create'>): void {
  mustBeUser(by);
  if (draft.state.group !== null) {
    throw refusal('group_exists', 'conversationId', 'this id is taken: choose another');
  }
  const { name, description, picture, settings, members } = details;
  checkSettings(settings, draft.bounds);
  const group: Group = {
    conversationId,
    name,
    description,
    picture,
    settings: { ...defaultSettings(draft.bounds.maxGroupMembers), ...settings },
    owner: by,
    createdAt: at,
    memberCount: 0,
    version: 0,
    dissolvedAt: 0,
    lastMessageId: '',
    lastFrom: '',
    preview: '',
    updatedAt: at,
  };
  draft.create(group);
  const others = [...new Set(members)].filter((userId) => userId !== by && !details.leftOut?.includes(userId));
  mayJoin(draft, [by, ...others], 'members', details.strangers);
  draft.join(by, 'owner');
  for (const userId of others) draft.join(userId);
  draft.announce('created', others);
  draft.tell([by, ...others], 'added');
  draft.answer({ users: [by, ...others], skipped: details.skipped ?? [] });
}

export function add(draft: GroupDraft, { details }: GroupChange<'add'>): void {
  const { role } = draft.asker;
  if (!isAllowed(draft.group.settings.add, role)) {
    throw refusal('not_allowed', 'conversationId', 'only admins of this group may add members: ask one of them');
  }
  const { users, leftOut, strangers, skipped = [] } = details;
  draft.answer({ skipped });
  welcome(
    draft,
    users.filter((userId) => !leftOut?.includes(userId)),
    strangers,
  );
}

export function approve(draft: GroupDraft, { details }: GroupChange<'approve'>): void {
  mustBeAdmin(draft, 'approve requests');
  welcome(
    draft,
    details.users.filter((userId) => draft.isWaiting(userId)),
  );
}

export function decline(draft: GroupDraft, { details }: GroupChange<'decline'>): void {
  mustBeAdmin(draft, 'decline requests');
  const waiting = [...new Set(details.users)].filter((userId) => draft.isWaiting(userId));
  for (const userId of waiting) draft.endRequest(userId);
  draft.tell(waiting, 'declined');
  draft.answer({ users: waiting });
}

export function remove(draft: GroupDraft, { details }: GroupChange<'remove'>): void {
  mustBeAdmin(draft, 'remove members');
  const members = [...new Set(details.users)].flatMap((userId) => draft.current(userId) ?? []);
  for (const member of members) mustOutrank(draft.asker, member, 'users');
  if (members.length === 0) return;
  for (const member of members) draft.end(member, true);
  const users = members.map(({ userId }) => userId);
  draft.announce('removed', users);
  draft.tell(users, 'removed');
}

export function leave(draft: GroupDraft, { by, at }: GroupChange<'leave'>): void {
  mustBeUser(by);
  const { group } = draft.state;
  const member = draft.current(by);
  if (group !== null && group.dissolvedAt > 0 && member !== null) {
    draft.unlist(group, member);
    return;
  }
  const { asker } = draft;
  const isLast = draft.group.memberCount === 1;
  if (asker.role === 'owner' && !isLast) {
    throw refusal(
      'not_allowed',
      'conversationId',
      'you own this group: transfer it to another member before you leave',
    );
  }
  draft.end(asker, false);
  if (isLast) draft.dissolve(at);
  draft.announce(isLast ? 'dissolved' : 'left', [by]);
  draft.tell([by], isLast ? 'dissolved' : 'removed');
}

export function join(draft: GroupDraft, { conversationId, by, at, details }: GroupChange<'join'>): void {
  mustBeUser(by);
  const { group } = draft;
  const { link } = draft.state;
  const hasEnded = () => refusal('link_invalid', 'linkId', 'this link has ended: ask for a new one');
  if (link === null || link.conversationId !== conversationId || link.linkId !== details.linkId) throw hasEnded();
  // Also with a link that has ended since: the user may not have got the answer, and asks again.
  if (draft.current(by) !== null) return;
  const isRequested = mustAskToJoin(group, draft.member(by));
  if (isRequested) draft.answer({ isRequested });
  if (isRequested && draft.isWaiting(by)) return;
  if ((link.expiresAt > 0 && link.expiresAt <= at) || link.usesLeft === 0) throw hasEnded();
  if (!isRequested) {
    mayJoin(draft, [by], 'linkId');
    draft.join(by);
    draft.announce('joined', [by]);
    draft.tell([by], 'added');
  } else {
    if (draft.state.requestCount >= MAX_REQUESTS) {
      throw refusal('limit_reached', 'linkId', 'too many users wait for approval: ask an admin to decide on some');
    }
    draft.request(by);
    draft.tell([group.owner, ...draft.state.admins], 'request');
  }
  if (link.usesLeft !== null) draft.putLink({ ...link, usesLeft: link.usesLeft - 1 });
}

/** Those of the users who are not members yet join. */
function welcome(draft: GroupDraft, userIds: readonly UserId[], strangers?: readonly UserId[]): void {
  const newcomers = [...new Set(userIds)].filter((userId) => draft.current(userId) === null);
  if (newcomers.length === 0) return;
  mayJoin(draft, newcomers, 'users', strangers);
  for (const userId of newcomers) draft.join(userId);
  draft.announce('joined', newcomers);
  draft.tell(newcomers, 'added');
}

/** Errors: `group_full`, `too_many_groups`. */
function mayJoin(
  { group, bounds, state }: GroupDraft,
  userIds: readonly UserId[],
  field: string,
  strangers: readonly UserId[] = [],
): void {
  const max = Math.min(group.settings.maxMembers, bounds.maxGroupMembers);
  if (group.memberCount + userIds.length > max) {
    throw refusal('group_full', field, `this group may have ${max} members and has ${group.memberCount}`);
  }
  for (const userId of userIds) {
    const count = state.groupsOf.get(userId) ?? 0;
    if (strangers.includes(userId) && count >= maxGroupsByStrangers(bounds)) {
      const message = `${userId} is in ${count} groups: only their contacts may add them to more; send them a link`;
      throw refusal('too_many_groups', field, message);
    }
    if (count < bounds.maxGroupsPerUser) continue;
    const message = `${userId} is in ${bounds.maxGroupsPerUser} groups and must leave one before joining another`;
    throw refusal('too_many_groups', field, message);
  }
}

/** Who is in so many groups is added to more by their contacts only: strangers cannot fill all that a user may have. */
function maxGroupsByStrangers({ maxGroupsPerUser }: Pick<GroupBounds, 'maxGroupsPerUser'>): number {
  return Math.ceil(maxGroupsPerUser / 2);
}
