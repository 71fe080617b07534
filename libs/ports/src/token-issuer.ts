import type { UserId } from '@chasqui/domain';
import type { TokenClaims } from './token-verifier.ts';

/** What a user gets on register, log-in and refresh. */
export interface TokenPair {
  accessToken: string;
  /** Good for nothing but a new pair: `TokenVerifier.verify` refuses it. */
  refreshToken: string;
  /** Seconds until the access token ends. */
  expiresInS: number;
}

/** What tokens say beside their user and their times. */
export interface IssuedClaims {
  /** The tokens are good for no other device, and end when its sessions are ended. */
  deviceId?: string | undefined;
  /** What the refresh token says of its place in a chain (`LoginStore`); without it, none is kept and it refreshes nothing. */
  login?: TokenClaims['login'];
  /** Absent: the tokens are judged by when they were issued, as a host application's are. */
  generation?: number | undefined;
}

/** Makes the tokens of users that register here. Absent where the host application issues them. */
export interface TokenIssuer {
  /** Seconds that a refresh token lives. */
  readonly refreshTtlS: number;
  issue(userId: UserId, claims?: IssuedClaims): Promise<TokenPair>;
  /** Checks a refresh token of this issuer. Errors: `token_invalid` (also for an access token), `token_expired`. */
  verifyRefresh(refreshToken: string): Promise<TokenClaims>;
}
