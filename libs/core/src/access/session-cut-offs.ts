import { type Clock, ImError, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { type CutOff, NO_CUT_OFF, type RevocationStore, type TokenClaims } from '@chasqui/ports';
import { ReadThroughCache } from './read-through-cache.ts';

export interface SessionCutOffsOptions {
  revocations: Pick<RevocationStore, 'cutOffs'>;
  clock: Clock;
  logger: Logger;
}

/** The claims that decide whether a token was issued before a cut-off. */
export type TokenAge = Pick<TokenClaims, 'userId' | 'deviceId' | 'issuedAt' | 'generation'>;

/** Maximum time by which a host application's clock may be ahead of ours, in ms. */
const MAX_AHEAD_MS = 60_000;

/**
 * Checks whether a token's sessions were revoked. A revocation takes effect within two seconds after it is answered.
 * Log-in does not depend on the store (C11): while it is unavailable the last known answer is used, and a token without
 * one is valid.
 */
export class SessionCutOffs {
  readonly #known: ReadThroughCache<CutOff>;
  readonly #revocations: SessionCutOffsOptions['revocations'];
  readonly #clock: Clock;

  constructor({ revocations, clock, logger }: SessionCutOffsOptions) {
    this.#revocations = revocations;
    this.#clock = clock;
    this.#known = new ReadThroughCache({
      clock,
      logger,
      unknown: NO_CUT_OFF,
      what: 'the list of ended sessions',
      freshMs: 2_000,
      deadlineMs: 500,
      pauseMs: 1_000,
      maxEntries: 100_000,
      read: (keys) =>
        revocations.cutOffs(
          keys.map((key) => {
            const [userId = '', deviceId = ''] = key.split(' ');
            return { userId, deviceId };
          }),
        ),
    });
  }

  /**
   * Errors: `token_invalid` if the sessions of the token's user or device were revoked after it was issued;
   * `user_disabled` while an administrator has disabled the user.
   */
  async check(token: TokenAge, usedBy = token.deviceId ?? ''): Promise<void> {
    refuseEnded(token, await this.#known.get(`${token.userId} ${usedBy}`), this.#clock.now());
  }

  /** The same check with a read that begins after this call: sees every revocation answered before it. */
  async checkAgain(token: TokenAge, usedBy = token.deviceId ?? ''): Promise<void> {
    refuseEnded(token, await this.#known.latest(`${token.userId} ${usedBy}`), this.#clock.now());
  }

  /**
   * For issuers of tokens: reads the cut-off from the store. New tokens get its `current` generation. Read it before
   * checking what the tokens are issued for (a password, an earlier token), so that a concurrent revocation also voids
   * the new tokens. Errors: `store_unavailable`.
   */
  async read(userId: UserId, deviceId = ''): Promise<CutOff> {
    const [cutOff = NO_CUT_OFF] = await this.#revocations.cutOffs([{ userId, deviceId }]);
    return cutOff;
  }
}

/**
 * Tokens issued by this server are compared by their generation, which no clock can change. Tokens of a host
 * application, or from before generations, are compared by time of issue; a token without that time, or with a future
 * one, counts as older than any cut-off. Errors: `token_invalid`, `user_disabled`.
 */
export function refuseEnded({ issuedAt, generation }: TokenAge, cutOff: CutOff, now: number): void {
  refuseDisabled(cutOff);
  const since = issuedAt > now + MAX_AHEAD_MS ? 0 : issuedAt;
  const isVoid = generation === undefined ? since < cutOff.issuedBefore : generation < cutOff.generation;
  if (isVoid) throw new ImError('token_invalid', 'this session has ended: log in again');
}

export const DISABLED_MESSAGE = 'this user may not log in: an administrator disabled or erased them';

/** Errors: `user_disabled`. */
export function refuseDisabled({ disabled }: CutOff): void {
  if (disabled) throw new ImError('user_disabled', DISABLED_MESSAGE);
}
