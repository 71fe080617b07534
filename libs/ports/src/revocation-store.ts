import type { UserId } from '@chasqui/domain';

export interface Revocation {
  userId: UserId;
  /** Absent: all devices of the user. */
  deviceId?: string;
  /** Unix ms: sessions are void if their token has no generation and was issued before this. */
  issuedBefore: number;
}

/** Which tokens are void on one device, because of its own revocations or those for all of the user's devices. */
export interface CutOff {
  /** True: every token is void until the user is enabled. */
  disabled: boolean;
  /** Tokens of an earlier generation are void. 0: none of them. */
  generation: number;
  /** Unix ms: tokens without a generation that were issued before this are void. 0: none of them. */
  issuedBefore: number;
  /** The generation of tokens issued now: how often sessions of this user were revoked. */
  current: number;
}

/** The cut-off of a user whose sessions were never revoked. */
export const NO_CUT_OFF: CutOff = Object.freeze({ disabled: false, generation: 0, issuedBefore: 0, current: 0 });

/**
 * Sessions that end before their tokens expire. Each revocation starts a new generation of the user's tokens and voids
 * the earlier ones on the affected devices; generations are numbers, which no clock can set back. Each call is one
 * transaction; a resolved write survives kill -9. Bound: of revocations for single devices, the latest
 * `PEOPLE_LIMITS.maxRevocationsPerUser` of a user. Errors: `store_unavailable` (repeat: a second revocation voids only
 * tokens issued between the two).
 */
export interface RevocationStore extends AsyncDisposable {
  /** The generation and `issuedBefore` never move back. */
  revoke(revocation: Revocation): Promise<void>;
  /** Every token of the user is void until `enable`. False: the user was disabled already. */
  disable(userId: UserId, at: number): Promise<boolean>;
  /** Revocations stay in force. False: the user was not disabled. */
  enable(userId: UserId): Promise<boolean>;
  /** For each user: the time since which the user is disabled (Unix ms); null: not disabled. */
  disabled(userIds: readonly UserId[]): Promise<(number | null)[]>;
  /** For each device, in order. The fields of one cut-off are consistent. An empty device id: no particular device. */
  cutOffs(devices: readonly { userId: UserId; deviceId: string }[]): Promise<CutOff[]>;
  /**
   * Removes at most `limit` revocations of single devices with `issuedBefore` below `olderThan`, as no token is that
   * old any more. Returns how many. Revocations for all of a user's devices stay: they hold the user's generation.
   */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
