import type { UserId } from '@chasqui/domain';

export interface Revocation {
  userId: UserId;
  /** Absent: all devices of the user. */
  deviceId?: string;
  /** Unix ms: sessions whose token has no generation and was issued before are void. */
  issuedBefore: number;
}

/** Which tokens are void on one device, by its own revocations or by those of all of the user's devices. */
export interface CutOff {
  /** Every token, until the user is enabled. */
  disabled: boolean;
  /** Tokens of an earlier generation. 0: none of them. */
  generation: number;
  /** Unix ms: of the tokens without a generation, those issued before. 0: none of them. */
  issuedBefore: number;
  /** The generation of tokens that are issued now: how often sessions of this user were ended. */
  current: number;
}

/** Of a user whose sessions were never ended. */
export const NO_CUT_OFF: CutOff = Object.freeze({ disabled: false, generation: 0, issuedBefore: 0, current: 0 });

/**
 * Which sessions ended before their tokens did. Each revocation begins another generation of the user's tokens and ends
 * the earlier ones on its devices: numbers, which no clock can set back. One transaction each; what is resolved survives
 * kill -9. Bound: of single devices, the `PEOPLE_LIMITS.maxRevocationsPerUser` latest of a user. Errors:
 * `store_unavailable` (repeat: nothing that was issued after the first of two ends with it but what came between).
 */
export interface RevocationStore extends AsyncDisposable {
  /** Neither the generation nor `issuedBefore` ever moves back. */
  revoke(revocation: Revocation): Promise<void>;
  /** Every token of the user is void until `enable`. False: it was so before. */
  disable(userId: UserId, at: number): Promise<boolean>;
  /** Revocations stand. False: the user was not disabled. */
  enable(userId: UserId): Promise<boolean>;
  /** For each, since when the user is disabled (Unix ms); null: is not. */
  disabled(userIds: readonly UserId[]): Promise<(number | null)[]>;
  /** For each, in the order asked. What it says of one device is of one moment. A device id that is empty: of no device. */
  cutOffs(devices: readonly { userId: UserId; deviceId: string }[]): Promise<CutOff[]>;
  /**
   * Drops at most `limit` of single devices with `issuedBefore` below `olderThan`: no token is that old any more. Returns
   * how many. What is of all of a user's devices stays: it has the user's generation.
   */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
