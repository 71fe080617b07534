import type { Profile, UserId } from '@chasqui/domain';

/**
 * User profiles. The profile is authoritative for everything that others see; `UserStore` holds credentials, and the
 * name given at registration only initialises the profile. Users of a host application have profiles without
 * credentials. A resolved write survives kill -9. Bound: one per user. Errors: `store_unavailable`.
 */
export interface ProfileStore extends AsyncDisposable {
  /** In the order of `userIds`; null: no profile. */
  get(userIds: readonly UserId[]): Promise<(Profile | null)[]>;
  /**
   * Stores a whole profile, atomically, if its `version` is one above the stored one (1 if there is none). False:
   * another write came first; read again. The search words, and the name in the user's groups (`GroupStore.byName`), are
   * updated in the same transaction. So are the references of `avatar`: a ready picture of this server (`publicIdOf`)
   * that is the user's upload, or that others show, is shown from then on; the one before is not, and is due at once. A
   * legal hold on the user keeps its attachment.
   */
  put(profile: Profile): Promise<boolean>;
  /** Removes a profile with its search words, and its picture as `put` does; in the user's groups, the name is the id again. */
  remove(userId: UserId): Promise<void>;
  /**
   * The profiles that have, for each of `searchedNameWords(text)`, one of `nameWords` with that prefix; at most `limit`
   * (1 to `PEOPLE_LIMITS.maxUsersFound`). The discoverable user whose id equals the text comes first; the choice and
   * order of the others are the store's own, but stable. There is no next page: the caller refines the text.
   */
  search(text: string, limit: number): Promise<Profile[]>;
  /** In the order of their user ids, by code units, only those after `after`; at most `limit` (1 to 1,000). */
  page(after: UserId | '', limit: number): Promise<Profile[]>;
  ping(): Promise<void>;
}
