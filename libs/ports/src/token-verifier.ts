import type { UserId } from '@chasqui/domain';

export interface TokenClaims {
  userId: UserId;
  /** Unix ms; Infinity: the token does not expire. */
  expiresAt: number;
  /** Unix ms; 0: the token does not say. */
  issuedAt: number;
  /**
   * The generation of the user's tokens at the time of issue (`RevocationStore`), for tokens issued by this server.
   * Absent: a token of a host application, or from before there were generations.
   */
  generation?: number;
  /** The only device on which the token is valid. Absent: any. */
  deviceId?: string;
  /**
   * The user's e-mail address, if the issuer states that it is verified (OpenID Connect's `email` and
   * `email_verified`).
   */
  verifiedEmail?: string;
  /** Only in refresh tokens: the log-in it belongs to, and its step. */
  login?: { loginId: string; step: number };
}

/**
 * Checks a JWT's signature, times and subject. Errors: `token_invalid`, `token_expired`, and `engine_unavailable` if
 * the issuer's keys cannot be read, so that an unavailable key server logs nobody out.
 */
export interface TokenVerifier {
  verify(token: string): Promise<TokenClaims>;
}
