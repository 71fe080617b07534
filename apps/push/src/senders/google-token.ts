import { type Clock, cutText } from '@chasqui/domain';
import { importPKCS8, SignJWT } from 'jose';
import { askOverHttp, jsonOf } from './http-answer.ts';

/** The fields used of a service account's key file. */
export interface ServiceAccount {
  project_id: string;
  client_email: string;
  /** PKCS #8 in PEM. */
  private_key: string;
  token_uri: string;
}

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASSERTION_S = 3_600;
/** How long before its end a token is renewed, in ms. */
const EARLY_MS = 5 * 60_000;

/** The token endpoint answered without a token. */
export class TokenRefused extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`no access token: status ${status}, ${cutText(body, 200)}`);
    this.status = status;
  }
}

/** Access tokens of a service account. Source: Google, "Using OAuth 2.0 for server to server applications". */
export class GoogleToken {
  readonly #account: ServiceAccount;
  readonly #clock: Clock;
  #token: Promise<string> | undefined;
  /** Monotonic ms. */
  #endsAt = 0;

  constructor(account: ServiceAccount, clock: Clock) {
    this.#account = account;
    this.#clock = clock;
  }

  /** Errors: `TokenRefused`, and those of `fetch`; the next call then requests a new token. */
  current(signal: AbortSignal): Promise<string> {
    if (this.#token !== undefined && this.#clock.monotonic() < this.#endsAt) return this.#token;
    this.#endsAt = Number.POSITIVE_INFINITY;
    const asked = this.#ask(signal);
    this.#token = asked;
    asked.catch(() => this.drop(asked));
    return asked;
  }

  /** This token was refused: the next call requests a new one. */
  drop(token: Promise<string>): void {
    if (this.#token === token) this.#token = undefined;
  }

  async #ask(signal: AbortSignal): Promise<string> {
    const { client_email, private_key, token_uri } = this.#account;
    const now = Math.floor(this.#clock.now() / 1_000);
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(client_email)
      .setAudience(token_uri)
      .setIssuedAt(now)
      .setExpirationTime(now + ASSERTION_S)
      .sign(await importPKCS8(private_key, 'RS256'));
    const body = new URLSearchParams({ grant_type: GRANT, assertion });
    const answer = await askOverHttp(token_uri, { method: 'POST', body, signal });
    const { access_token, expires_in } = (jsonOf(answer.body) ?? {}) as {
      access_token?: unknown;
      expires_in?: unknown;
    };
    if (answer.status !== 200 || typeof access_token !== 'string') throw new TokenRefused(answer.status, answer.body);
    const lifeMs = (typeof expires_in === 'number' ? expires_in : ASSERTION_S) * 1_000;
    this.#endsAt = this.#clock.monotonic() + Math.max(0, lifeMs - EARLY_MS);
    return access_token;
  }
}
