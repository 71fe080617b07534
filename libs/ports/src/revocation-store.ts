import type { UserId } from '@chasqui/domain';

export interface Revocation {
  userId: UserId;
  /** Absent: all devices of the user. */
  deviceId?: string;
  /** Unix ms: sessions whose token was issued before are void. */
  issuedBefore: number;
}

/** The cut-off of a user who is disabled: later than any token. */
export const EVERY_TOKEN = Number.MAX_SAFE_INTEGER;

/**
 * Which sessions ended before their tokens did. One transaction each; what is resolved survives kill -9. Bound: of
 * single devices, the `PEOPLE_LIMITS.maxRevocationsPerUser` of a user with the highest `issuedBefore`. Errors:
 * `store_unavailable` (repeat: every call is idempotent).
 */
export interface RevocationStore extends AsyncDisposable {
  /** Never moves back: of two for the same device (or for all of a user), the later `issuedBefore` stands. */
  revoke(revocation: Revocation): Promise<void>;
  /** Every token of the user is void until `enable`. False: it was so before. */
  disable(userId: UserId, at: number): Promise<boolean>;
  /** Revocations stand. False: the user was not disabled. */
  enable(userId: UserId): Promise<boolean>;
  /** For each, since when the user is disabled (Unix ms); null: is not. */
  disabled(userIds: readonly UserId[]): Promise<(number | null)[]>;
  /**
   * For each, in the order asked: tokens issued before this are void on that device, by its own revocation or by the
   * user's; 0: none are; `EVERY_TOKEN`: the user is disabled.
   */
  cutOffs(devices: readonly { userId: UserId; deviceId: string }[]): Promise<number[]>;
  /** Drops at most `limit` with `issuedBefore` below `olderThan`: no token is that old any more. Returns how many. */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
