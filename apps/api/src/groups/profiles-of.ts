import { initialProfile, type UserId } from '@chasqui/domain';
import Type from 'typebox';
import type { ApiContext } from '../context.ts';

/** How a list shows a user. */
export const shownUser = {
  displayName: Type.String({ description: 'The name that others see.' }),
  avatar: Type.String(),
};

/** Adds each one's name and picture to the rows of a list. */
export async function withProfiles<T extends { userId: UserId }>(
  { profiles }: Pick<ApiContext, 'profiles'>,
  rows: readonly T[],
): Promise<(T & { displayName: string; avatar: string })[]> {
  const found = await profiles.get(rows.map(({ userId }) => userId));
  return rows.map((row, index) => {
    const { displayName, avatar } = found[index] ?? initialProfile(row.userId);
    return { ...row, displayName, avatar };
  });
}
