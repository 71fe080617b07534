import type { GroupHead } from '@chasqui/client';
import { isAllowed } from '@chasqui/domain';
import type { GroupBody } from '../groups-api.ts';

/** Why the user cannot write in a group; undefined: may, as far as this page knows. */
export type PostingRefusal = 'notMember' | 'dissolved' | 'muted' | 'onlyAdmins' | undefined;

export function postingRefusal(
  head: Pick<GroupHead, 'role' | 'mutedUntil'>,
  group: Pick<GroupBody, 'dissolvedAt' | 'settings'> | undefined,
  now: number,
): PostingRefusal {
  if (group?.dissolvedAt !== undefined) return 'dissolved';
  if (head.role === undefined) return 'notMember';
  if ((head.mutedUntil ?? 0) > now) return 'muted';
  return group === undefined || isAllowed(group.settings.post, head.role) ? undefined : 'onlyAdmins';
}
