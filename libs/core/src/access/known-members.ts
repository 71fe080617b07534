import type { Group, Member, MemberKey } from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';

/** A user and a group, as the store has them. */
export interface KnownMember {
  group: Group | null;
  member: Member | null;
}

/** In the order of the keys. Errors: `store_unavailable`. */
export async function readKnownMembers(
  groups: Pick<GroupStore, 'groups' | 'members'>,
  keys: readonly MemberKey[],
): Promise<KnownMember[]> {
  const ids = [...new Set(keys.map(({ conversationId }) => conversationId))];
  const [found, members] = await Promise.all([groups.groups(ids), groups.members(keys)]);
  const byId = new Map(ids.map((id, index) => [id, found[index] ?? null]));
  return keys.map(({ conversationId }, index) => ({
    group: byId.get(conversationId) ?? null,
    member: members[index] ?? null,
  }));
}
