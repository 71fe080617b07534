import { type Clock, ImError, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { type CutOff, NO_CUT_OFF, type RevocationStore, type TokenClaims } from '@chasqui/ports';
import { ReadThroughCache } from './read-through-cache.ts';

export interface SessionCutOffsOptions {
  revocations: Pick<RevocationStore, 'cutOffs'>;
  clock: Clock;
  logger: Logger;
}

/** What of a token says whether it was issued before a cut-off. */
export type TokenAge = Pick<TokenClaims, 'userId' | 'deviceId' | 'issuedAt' | 'generation'>;

/** How far the clock of a host application may run ahead of ours, in ms. */
const MAX_AHEAD_MS = 60_000;

/**
 * Whether a token still stands, or its sessions were ended. A revocation holds within two seconds of its answer. Log-in
 * does not depend on the store (C11): while it is away the last answer stands, and a token that was never asked about is
 * good.
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
   * Errors: `token_invalid` when the sessions of the token's user, or of the device, were ended after it was issued;
   * `user_disabled` while an administrator wants it so.
   */
  async check(token: TokenAge, usedBy = token.deviceId ?? ''): Promise<void> {
    refuseEnded(token, await this.#known.get(`${token.userId} ${usedBy}`), this.#clock.now());
  }

  /** The same by what the store says after this call: sees every revocation that was answered before it. */
  async checkAgain(token: TokenAge, usedBy = token.deviceId ?? ''): Promise<void> {
    refuseEnded(token, await this.#known.latest(`${token.userId} ${usedBy}`), this.#clock.now());
  }

  /**
   * For who issues tokens: the cut-off as the store has it. What is issued gets its `current` generation; it is read before
   * what is issued for (a password, an earlier token) is checked, so that a revocation in between ends what is issued.
   * Errors: `store_unavailable`.
   */
  async read(userId: UserId, deviceId = ''): Promise<CutOff> {
    const [cutOff = NO_CUT_OFF] = await this.#revocations.cutOffs([{ userId, deviceId }]);
    return cutOff;
  }
}

/**
 * A token of ours is compared by its generation, which no clock can change. One of a host application, or of a version
 * before generations, by when it was issued: one that does not say, or says a time to come, counts as older than any cut-off.
 * Errors: `token_invalid`, `user_disabled`.
 */
export function refuseEnded({ issuedAt, generation }: TokenAge, cutOff: CutOff, now: number): void {
  refuseDisabled(cutOff);
  const since = issuedAt > now + MAX_AHEAD_MS ? 0 : issuedAt;
  const isVoid = generation === undefined ? since < cutOff.issuedBefore : generation < cutOff.generation;
  if (isVoid) throw new ImError('token_invalid', 'this session has ended: log in again');
}

/** Errors: `user_disabled`. */
export function refuseDisabled({ disabled }: CutOff): void {
  if (disabled) throw new ImError('user_disabled', 'this user is disabled: ask an administrator');
}
