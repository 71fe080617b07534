import { type Clock, ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { EVERY_TOKEN, type RevocationStore, type TokenClaims } from '@chasqui/ports';
import { LastKnown } from './last-known.ts';

export interface SessionCutOffsOptions {
  revocations: Pick<RevocationStore, 'cutOffs'>;
  clock: Clock;
  logger: Logger;
}

/**
 * Whether a token still stands, or its sessions were ended. A revocation holds within two seconds. Log-in does not depend
 * on the store (C11): while it is away the last answer stands, and a token that was never asked about is good.
 */
export class SessionCutOffs {
  readonly #known: LastKnown<number>;

  constructor({ revocations, clock, logger }: SessionCutOffsOptions) {
    this.#known = new LastKnown({
      ...{ clock, logger, unknown: 0, what: 'the list of ended sessions' },
      ...{ freshMs: 2_000, deadlineMs: 500, pauseMs: 1_000, maxEntries: 100_000 },
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
   * Errors: `token_invalid` when the sessions of the token's user, or of the device, were ended after it was issued. A
   * token that does not say when that was counts as older than any. `user_disabled` while an administrator wants it so.
   */
  async check({ userId, issuedAt, deviceId }: TokenClaims, usedBy = deviceId ?? ''): Promise<void> {
    const cutOff = await this.#known.get(`${userId} ${usedBy}`);
    if (cutOff === EVERY_TOKEN) throw new ImError('user_disabled', 'this user is disabled: ask an administrator');
    if (issuedAt < cutOff) throw new ImError('token_invalid', 'this session was ended: log in again');
  }
}
