import type { UserId } from '@chasqui/domain';

export interface Revocation {
  userId: UserId;
  /** Absent: all devices of the user. */
  deviceId?: string;
  /** Unix ms: sessions whose token was issued before are void. */
  issuedBefore: number;
}

/**
 * Which sessions ended before their tokens did. One transaction each; what is resolved survives kill -9. Bound: of
 * single devices, the `PEOPLE_LIMITS.maxRevocationsPerUser` of a user with the highest `issuedBefore`. Errors:
 * `store_unavailable` (repeat: every call is idempotent).
 */
export interface RevocationStore extends AsyncDisposable {
  /** Never moves back: of two for the same device (or for all of a user), the later `issuedBefore` stands. */
  revoke(revocation: Revocation): Promise<void>;
  /** For each, in the order asked: tokens issued before this are void on that device, by its own revocation or by the user's; 0: none are. */
  cutOffs(devices: readonly { userId: UserId; deviceId: string }[]): Promise<number[]>;
  /** Drops at most `limit` with `issuedBefore` below `olderThan`: no token is that old any more. Returns how many. */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
