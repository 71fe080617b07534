import type { UserId } from '@chasqui/domain';

export interface TokenClaims {
  userId: UserId;
  /** Unix ms; Infinity when the token has no end. */
  expiresAt: number;
  /** Unix ms; 0 when the token does not say. */
  issuedAt: number;
  /**
   * Of a token that was issued here: the generation of the user's tokens then (`RevocationStore`). Absent: a host
   * application's, or one from before there were generations.
   */
  generation?: number;
  /** The only device that the token is good for. Absent: any. */
  deviceId?: string;
  /** The user's e-mail address, where the issuer says that it is verified (OpenID Connect's `email` and `email_verified`). */
  verifiedEmail?: string;
  /** Of a refresh token: which log-in it belongs to, and its place there. */
  login?: { loginId: string; step: number };
}

/**
 * Checks a JWT's signature, times and subject. Errors: `token_invalid`, `token_expired`, and `engine_unavailable` when
 * the issuer's keys cannot be read, so that an absent key server logs nobody out.
 */
export interface TokenVerifier {
  verify(token: string): Promise<TokenClaims>;
}
