import type { ConversationId, Role, UserId } from '@chasqui/domain';
import { type ApiCall, withQuery } from '../connection/api-call.ts';

/** A member of a group, as the HTTP API shows it. */
export interface GroupMember {
  userId: UserId;
  role: Role;
  /** Unix ms. */
  joinedAt: number;
  /** Unix ms until which the member may not post. */
  mutedUntil?: number;
  displayName: string;
  /** As in the user's profile. */
  avatar: string;
}

export interface MembersQuery {
  /** Only members with this role. */
  role?: Role;
  /** Only those whose name or id has a word that begins with each of these words. */
  q?: string;
  /** `nextCursor` of the page before. */
  cursor?: string;
  /** By default that of the API. */
  limit?: number;
}

export interface MembersPage {
  members: GroupMember[];
  /** Absent on the last page. */
  nextCursor?: string;
}

export function membersOf(call: ApiCall, group: ConversationId, query: MembersQuery): Promise<MembersPage> {
  return call('GET', withQuery(`groups/${encodeURIComponent(group)}/members`, query)) as Promise<MembersPage>;
}
