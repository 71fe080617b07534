import type { Profile, UserId } from '@chasqui/domain';

/**
 * What users say of themselves. The profile is the truth for everything that others see; `UserStore` keeps credentials,
 * and the name given at registration only starts the profile. Users of a host application have profiles and no
 * credentials. What is resolved survives kill -9. Bound: one of each user. Errors: `store_unavailable`.
 */
export interface ProfileStore extends AsyncDisposable {
  /** In the order asked; null where there is none. */
  get(userIds: readonly UserId[]): Promise<(Profile | null)[]>;
  /**
   * Keeps a whole profile, atomically, if its `version` is one more than that of the one kept (1 where there is none).
   * False: another write came between; read again. What searches find follows in the same transaction.
   */
  put(profile: Profile): Promise<boolean>;
  /**
   * The profiles that have, for each of `searchedNameWords(text)`, one of `nameWords` that begins with it; at most
   * `limit` (1 to `PEOPLE_LIMITS.maxUsersFound`). First the discoverable user whose id is the very text; of the others
   * which and in what order is the store's own, but the same each time. There is no next page: the caller asks more exactly.
   */
  search(text: string, limit: number): Promise<Profile[]>;
  ping(): Promise<void>;
}
