import { type ChangeName, defined, type GroupChange, type ServerEvent, type UserId } from '@chasqui/domain';

/** What each change of a group is for the host application. */
const TYPES = {
  create: 'group.changed',
  update: 'group.changed',
  link: 'group.changed',
  unlink: 'group.changed',
  dissolve: 'group.changed',
  add: 'membership.changed',
  remove: 'membership.changed',
  leave: 'membership.changed',
  join: 'membership.changed',
  approve: 'membership.changed',
  decline: 'membership.changed',
  role: 'membership.changed',
  transfer: 'membership.changed',
  mute: 'membership.changed',
} as const satisfies { [N in ChangeName]: 'group.changed' | 'membership.changed' };

/** What the host application is told of an applied change of the group itself; empty: the change is of its members. */
export function groupEvents(given: GroupChange): ServerEvent<'group.changed'>[] {
  if (TYPES[given.change] !== 'group.changed') return [];
  const { id, data, ...common } = commonOf(given);
  return [{ ...common, id: `group-${id}`, type: 'group.changed', data: { ...data, ...detailsOf(given) } }];
}

/**
 * What it is told of a change of members. `users`: those whom it changed. Who makes a group also makes its first members.
 */
export function memberEvents(given: GroupChange, users: readonly UserId[]): ServerEvent<'membership.changed'>[] {
  if (TYPES[given.change] !== 'membership.changed' && given.change !== 'create') return [];
  const { id, data, ...common } = commonOf(given);
  const details = { users, ...memberDetailsOf(given) };
  return [{ ...common, id: `members-${id}`, type: 'membership.changed', data: { ...data, ...details } }];
}

/** Whoever has the id of a link may join: it is left out. */
function commonOf({ change, conversationId, by, changeId, at }: GroupChange) {
  const data = { conversationId, change, by, changeId, at };
  return { key: conversationId, at, id: `${conversationId}-${by}-${changeId}`, data };
}

function detailsOf(given: GroupChange): Partial<ServerEvent<'group.changed'>['data']> {
  if (given.change !== 'create' && given.change !== 'update') return {};
  const { name, description, picture, settings } = given.details;
  return { profile: defined({ name, description, picture }), ...defined({ settings }) };
}

function memberDetailsOf(given: GroupChange): Partial<ServerEvent<'membership.changed'>['data']> {
  if (given.change === 'role') return { role: given.details.role };
  if (given.change === 'transfer') return { role: 'owner' };
  return given.change === 'mute' ? { mutedUntil: given.details.until } : {};
}
