import {
  type AddingTerms,
  type ErrorCode,
  ImError,
  initialProfile,
  type SkippedUser,
  SYSTEM_USER,
  type UserId,
} from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

type Sources = Pick<ApiContext, 'blocks' | 'contacts' | 'profiles' | 'settings'>;

const REASONS = {
  blocked: 'blocks you',
  not_addable: 'does not let you add them to groups: send them a link',
} satisfies { [code in SkippedUser['code']]: string } & { [code in ErrorCode]?: string };

/**
 * On what terms `by` may add users to a group: not those who block `by`, nor those whose settings let only contacts, or
 * nobody, add them. With the policy `silence`, the caller does not learn who blocks.
 */
export async function addingTerms(
  { blocks, contacts, profiles, settings }: Sources,
  by: UserId,
  named: readonly UserId[],
): Promise<Required<AddingTerms>> {
  const asked = [...new Set(named)].filter((userId) => userId !== by);
  if (asked.length === 0 || by === SYSTEM_USER) return { leftOut: [], skipped: [], strangers: [] };
  const [areBlocking, states, found] = await Promise.all([
    blocks.blocked(asked.map((userId) => ({ userId, other: by }))),
    contacts.states(by, asked),
    profiles.get(asked),
  ]);
  const isBlocking = new Set(asked.filter((_, at) => areBlocking[at]));
  const strangers = asked.filter((_, at) => states[at] !== 'contact');
  const notAddable = asked.filter((userId, at) => {
    const { groups = 'everyone' } = (found[at] ?? initialProfile(userId)).privacy;
    return groups === 'nobody' || (groups === 'contacts' && states[at] !== 'contact');
  });
  const isSilent = settings.blockedSenders === 'silence';
  const skipped = asked.flatMap((userId): SkippedUser | [] => {
    if (isBlocking.has(userId) && !isSilent) return { userId, code: 'blocked' };
    return notAddable.includes(userId) ? { userId, code: 'not_addable' } : [];
  });
  return { leftOut: [...new Set([...isBlocking, ...notAddable])], skipped, strangers };
}

/** Errors: `blocked`, `not_addable`, if nobody is left of those named. */
export function refuseIfNone(
  { leftOut, skipped: [first] }: Required<AddingTerms>,
  named: readonly UserId[],
  field: string,
): void {
  if (first === undefined || named.some((userId) => !leftOut.includes(userId))) return;
  throw new ImError(first.code, `${first.userId} ${REASONS[first.code]}`, { field });
}
