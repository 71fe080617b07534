import type { Clock } from '@chasqui/domain';
import { importPKCS8, SignJWT } from 'jose';

/** APNs refuses tokens that are older than an hour, and clients that make a new one more than once in 20 minutes. */
const LIFE_MS = 50 * 60_000;

export interface ApnsTokenOptions {
  /** PKCS #8 in PEM, as Apple gives it (`AuthKey_….p8`). */
  key: string;
  keyId: string;
  teamId: string;
  clock: Clock;
}

/**
 * Provider tokens for APNs, each used for 50 minutes. Source: Apple, "Establishing a token-based connection to APNs".
 */
export class ApnsToken {
  readonly #options: ApnsTokenOptions;
  #token: Promise<string> | undefined;
  /** Monotonic ms. */
  #madeAt = 0;

  constructor(options: ApnsTokenOptions) {
    this.#options = options;
  }

  current(): Promise<string> {
    const now = this.#options.clock.monotonic();
    if (this.#token === undefined || now - this.#madeAt >= LIFE_MS) {
      this.#madeAt = now;
      this.#token = this.#make();
    }
    return this.#token;
  }

  /** APNs says that this token is expired (its clock or ours is wrong): the next call makes a new one. */
  drop(token: Promise<string>): void {
    if (this.#token === token) this.#token = undefined;
  }

  async #make(): Promise<string> {
    const { key, keyId, teamId, clock } = this.#options;
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setIssuedAt(Math.floor(clock.now() / 1_000))
      .sign(await importPKCS8(key, 'ES256'));
  }
}
