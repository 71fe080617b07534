import { isCurrent, isFoundAt, memberOrder, memberSearch, memberWords, ROLES, type Role } from '@chasqui/domain';
import type { GroupStore, NamedMember, NamePlace, ProfileStore } from '@chasqui/ports';
import type { KeptMember } from './group-state.ts';

/** Current members with their names, in no order. */
export async function named(
  profiles: Pick<ProfileStore, 'get'> | undefined,
  kept: readonly KeptMember[],
  role: Role | undefined,
): Promise<NamedMember[]> {
  const members = kept
    .map(({ member }) => member)
    .filter((member) => isCurrent(member) && (role === undefined || member.role === role));
  const found = (await profiles?.get(members.map(({ userId }) => userId))) ?? [];
  return members.map((member, at) => ({ member, displayName: found[at]?.displayName ?? member.userId }));
}

export function placeOf({ member: { role, userId }, displayName }: NamedMember): NamePlace {
  return { role, order: memberOrder(displayName), userId };
}

/** Roles first, then names, then ids. */
export function byPlace(a: NamePlace, b: NamePlace): number {
  const byRole = ROLES.indexOf(a.role) - ROLES.indexOf(b.role);
  return byRole || compare(a.order, b.order) || compare(a.userId, b.userId);
}

/** See `GroupStore.find`. */
export function findIn(
  members: readonly NamedMember[],
  { text, after, limit }: Parameters<GroupStore['find']>[1],
): Awaited<ReturnType<GroupStore['find']>> {
  const search = memberSearch(text);
  if (search === null) return { members: [] };
  const all = members
    .flatMap((one) => {
      const { userId } = one.member;
      const words = memberWords(userId, one.displayName);
      return words.filter((word) => isFoundAt(word, words, search)).map((word) => ({ word, userId, one }));
    })
    .sort((a, b) => compare(a.word, b.word) || compare(a.userId, b.userId))
    .filter(
      ({ word, userId }) => after === undefined || (compare(after.word, word) || compare(after.userId, userId)) < 0,
    );
  const page = all.slice(0, limit);
  const last = page.at(-1);
  const found = { members: page.map(({ one }) => one) };
  if (last === undefined || all.length === page.length) return found;
  return { ...found, next: { word: last.word, userId: last.userId } };
}

/** By code points, as databases do. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
