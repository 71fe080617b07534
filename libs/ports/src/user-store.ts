import type { UserId } from '@chasqui/domain';

export interface UserRecord {
  userId: UserId;
  /** A self-describing hash made by a memory-hard function. */
  passwordHash: string;
  /** As given at registration; initialises the profile, which is authoritative afterwards. */
  displayName: string;
  /** Unix ms. */
  createdAt: number;
}

/** Registered users. Users whose tokens the host application issues need not be here. Errors: `store_unavailable`. */
export interface UserStore extends AsyncDisposable {
  /** False: the id is taken, and nothing was changed. */
  create(user: UserRecord): Promise<boolean>;
  get(userId: UserId): Promise<UserRecord | null>;
  /**
   * Replaces the hash if it is still `from`, atomically. False: the hash is another one now, or there is no such user.
   */
  changePassword(userId: UserId, from: string, to: string): Promise<boolean>;
  /** Forgets a user for good, known here or not: from then on, `get` has none, and `create` finds the id taken. */
  erase(userId: UserId): Promise<void>;
  ping(): Promise<void>;
}
