import { randomBytes } from 'node:crypto';
import { type Clock, ImError, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { LoginStore, TokenClaims, TokenIssuer, TokenPair } from '@chasqui/ports';
import type { SessionEnder } from './session-ender.ts';

export interface LogInsOptions {
  logins: LoginStore;
  sessionEnder: Pick<SessionEnder, 'endDevice' | 'endAll'>;
  clock: Clock;
  logger: Logger;
  /** How long a used refresh token is accepted once more, in ms, as its answer may have been lost. */
  graceMs: number;
}

/** How many log-ins are dropped in one call, and how often that is tried. */
const MAX_DROPPED = 500;
const TRIM_EVERY_MS = 3_600_000;

/** Log-ins, each a chain of refresh tokens for single use. If a copy is used beside the original, both end. */
export class LogIns {
  readonly #options: LogInsOptions;
  #trimmedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LogInsOptions) {
    this.#options = options;
  }

  /** The tokens of a new log-in. `generation`: see `SessionCutOffs.generationFor`. */
  async begin(
    issuer: TokenIssuer,
    { userId, deviceId, generation }: { userId: UserId; deviceId: string | undefined; generation: number },
  ): Promise<TokenPair & { userId: UserId }> {
    const { logins, clock } = this.#options;
    const loginId = randomBytes(16).toString('hex');
    await logins.begin({ userId, loginId, step: 0, at: clock.now() });
    this.#trim(issuer);
    return { userId, ...(await issuer.issue(userId, { deviceId, generation, login: { loginId, step: 0 } })) };
  }

  /**
   * The next tokens of a log-in. Errors: `token_invalid`, also for a token that was used before. In that case somebody
   * has a copy, and nobody can tell who, so the sessions for which the tokens are valid end: those of the device or, if
   * the tokens are bound to none, all of the user. The tokens keep the generation of the log-in, so that a cut-off ends
   * all of them; tokens older than generations start with `generation`.
   */
  async refresh(issuer: TokenIssuer, claims: TokenClaims, generation: number): Promise<TokenPair & { userId: UserId }> {
    const { logins, sessionEnder, clock, graceMs, logger } = this.#options;
    const { userId, deviceId, login } = claims;
    if (login === undefined) throw new ImError('token_invalid', 'the token belongs to no known login');
    const step = await logins.refresh({ userId, ...login, at: clock.now() }, graceMs);
    if (step === 'reused') {
      logger.warn({ userId, deviceId }, 'a refresh token was used twice: ending its sessions');
      await (deviceId === undefined ? sessionEnder.endAll(userId) : sessionEnder.endDevice(userId, deviceId));
    }
    if (typeof step !== 'number') throw new ImError('token_invalid', 'this token was already used: log in again');
    const next = { deviceId, login: { loginId: login.loginId, step }, generation: claims.generation ?? generation };
    return { userId, ...(await issuer.issue(userId, next)) };
  }

  /** Only log-ins make the table longer, so only they trim it. */
  #trim({ refreshTtlS }: TokenIssuer): void {
    const { clock, logger } = this.#options;
    if (clock.monotonic() - this.#trimmedAt < TRIM_EVERY_MS) return;
    this.#trimmedAt = clock.monotonic();
    this.#dropOlder(clock.now() - refreshTtlS * 1_000).catch((error) => {
      logger.warn({ err: error }, 'expired log-ins could not be deleted: retrying later');
    });
  }

  async #dropOlder(than: number): Promise<void> {
    while ((await this.#options.logins.trim(than, MAX_DROPPED)) === MAX_DROPPED);
  }
}
