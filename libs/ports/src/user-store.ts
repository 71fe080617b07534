import type { UserId } from '@chasqui/domain';

export interface UserRecord {
  userId: UserId;
  /** A self-describing hash by a memory-hard function. */
  passwordHash: string;
  /** As given at registration; the profile starts with it and is the truth after. */
  displayName: string;
  /** Unix ms. */
  createdAt: number;
}

/** Registered users. A user whose tokens the host application issues need not be here. Errors: `store_unavailable`. */
export interface UserStore extends AsyncDisposable {
  /** False: the id is taken; nothing was changed. */
  create(user: UserRecord): Promise<boolean>;
  get(userId: UserId): Promise<UserRecord | null>;
  /** Replaces the hash if it is still `from`, atomically. False: it is another by now, or there is no such user. */
  changePassword(userId: UserId, from: string, to: string): Promise<boolean>;
  ping(): Promise<void>;
}
