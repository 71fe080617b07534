import { ImError, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

/** Whether there is a legal hold on the user. */
export async function isHeld({ holds }: Pick<ApiContext, 'holds'>, userId: UserId): Promise<boolean> {
  return (await holds.list()).some(({ kind, subject }) => kind === 'user' && subject === userId);
}

/** Errors: `legal_hold`. */
export async function mustNotBeHeld(context: Pick<ApiContext, 'holds'>, userId: UserId): Promise<void> {
  if (!(await isHeld(context, userId))) return;
  throw new ImError('legal_hold', 'a legal hold is on this user: release it first', { field: 'userId' });
}
