import type { UserId } from '@chasqui/domain';
import type { TokenClaims } from './token-verifier.ts';

/** The tokens a user gets on registration, log-in and refresh. */
export interface TokenPair {
  accessToken: string;
  /** Only valid for getting a new pair: `TokenVerifier.verify` refuses it. */
  refreshToken: string;
  /** Lifetime of the access token, in seconds. */
  expiresInS: number;
}

/** The claims of tokens besides user and times. */
export interface IssuedClaims {
  /** The tokens are valid on this device only, and end when its sessions are revoked. */
  deviceId?: string | undefined;
  /**
   * The refresh token's place in a chain (`LoginStore`). Absent: no chain is stored, and the token cannot be refreshed.
   */
  login?: TokenClaims['login'];
  /** Absent: the tokens are judged by their time of issue, like those of a host application. */
  generation?: number | undefined;
}

/** Issues tokens to users registered with this server. Absent if the host application issues them. */
export interface TokenIssuer {
  /** Lifetime of a refresh token, in seconds. */
  readonly refreshTtlS: number;
  issue(userId: UserId, claims?: IssuedClaims): Promise<TokenPair>;
  /** Checks a refresh token of this issuer. Errors: `token_invalid` (also for an access token), `token_expired`. */
  verifyRefresh(refreshToken: string): Promise<TokenClaims>;
}
