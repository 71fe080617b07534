import type { KnownMember } from '@chasqui/core';
import { defaultSettings, type Group, ImError, type Member } from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';

/** A group as a test needs it. */
export function groupOf(fields: Partial<Group> = {}): Group {
  return {
    conversationId: 'team',
    name: 'Team',
    description: '',
    picture: '',
    settings: defaultSettings(2_000),
    owner: 'bob',
    createdAt: 0,
    memberCount: 3,
    version: 1,
    dissolvedAt: 0,
    lastMessageId: '',
    lastFrom: '',
    preview: '',
    updatedAt: 0,
    ...fields,
  };
}

export function memberOf(fields: Partial<Member> = {}): Member {
  return {
    conversationId: 'team',
    userId: 'ann',
    role: 'member',
    joinedAt: 0,
    mutedUntil: 0,
    leftAt: 0,
    wasRemoved: false,
    intervals: [{ after: 0, afterId: '' }],
    ...fields,
  };
}

const MEMBER: KnownMember = { group: groupOf(), member: memberOf() };

/** A store in which every asker has this standing in a group; null: it is away. */
export function groupStore(
  standing: (group: string) => KnownMember | null = () => MEMBER,
): Pick<GroupStore, 'groups' | 'members'> {
  const find = (group: string): KnownMember => {
    const found = standing(group);
    if (found === null) throw new ImError('store_unavailable', 'away');
    return found;
  };
  return {
    groups: async (ids) => ids.map((id) => find(id).group),
    members: async (keys) => keys.map(({ conversationId }) => find(conversationId).member),
  };
}
