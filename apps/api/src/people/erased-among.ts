import type { UserId } from '@chasqui/domain';
import type { ErasureStore } from '@chasqui/ports';

/** Those of the users who were erased, in the order given. */
export async function erasedAmong(erasures: Pick<ErasureStore, 'get'>, userIds: readonly UserId[]): Promise<UserId[]> {
  if (userIds.length === 0) return [];
  const found = await erasures.get(userIds);
  return userIds.filter((_, place) => found[place] != null);
}
