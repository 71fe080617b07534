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

type Changed = ServerEvent<'group.changed'> | ServerEvent<'membership.changed'>;

/** The events of an applied change. `users`: those whom it changed. Whoever has the id of a link may join: it is left out. */
export function changeEvents(given: GroupChange, users: readonly UserId[]): Changed[] {
  const { change, conversationId, by, changeId, at } = given;
  const common = { key: conversationId, at };
  const data = { conversationId, change, by, changeId, at };
  const id = `${conversationId}-${by}-${changeId}`;
  const events: Changed[] = [];
  if (TYPES[change] === 'group.changed') {
    events.push({ ...common, id: `group-${id}`, type: 'group.changed', data: { ...data, ...detailsOf(given) } });
  }
  // Who makes a group also makes its first members.
  if (TYPES[change] === 'membership.changed' || change === 'create') {
    const more = { users, ...memberDetailsOf(given) };
    events.push({ ...common, id: `members-${id}`, type: 'membership.changed', data: { ...data, ...more } });
  }
  return events;
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
