import { type ConversationId, defined, memberOrder, type Role } from '@chasqui/domain';
import type { GroupStore, NamedMember } from '@chasqui/ports';
import { pageOf } from '../http/paging.ts';
import { nameCursor, namePlace, wordCursor, wordPlace } from './member-cursor.ts';

export interface MembersQuery {
  role?: Role;
  /** Words that members' names or ids begin with. */
  q?: string;
  cursor?: string;
  limit?: number;
}

/** A page of a group's members. Errors: `invalid_request` for a cursor that is none. */
export async function pageOfMembers(
  store: Pick<GroupStore, 'byName' | 'find'>,
  conversationId: ConversationId,
  { role, q, cursor, limit = 50 }: MembersQuery,
): Promise<{ members: NamedMember[]; nextCursor: string | undefined }> {
  if (q !== undefined) {
    const after = cursor === undefined ? undefined : wordPlace(cursor);
    const { members, next } = await store.find(conversationId, { text: q, limit, ...defined({ role, after }) });
    return { members, nextCursor: next && wordCursor(next) };
  }
  const after = cursor === undefined ? undefined : namePlace(cursor);
  const found = await store.byName(conversationId, { ...defined({ role, after }), limit: limit + 1 });
  const { items, last } = pageOf(found, limit);
  return { members: items, nextCursor: last && nameCursor(placeOf(last)) };
}

function placeOf({ member: { role, userId }, displayName }: NamedMember) {
  return { role, order: memberOrder(displayName), userId };
}
