import { type Clock, defined, ImError } from '@chasqui/domain';
import type { TokenVerifier } from '@chasqui/ports';
import { decodeProtectedHeader, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { readClaims, tokenError } from './claims.ts';
import { createKeySet, type KeySource } from './key-set.ts';
import { VerifiedTokens } from './verified-tokens.ts';

export interface TokenVerifierOptions {
  /** Verifies HS256 tokens. A secret shorter than 32 bytes could be guessed. */
  secret?: string;
  /** Verifies RS256 and ES256 tokens. If several keys of a type are in use, tokens name theirs in `kid`. */
  jwks?: KeySource;
  /** The `iss` that tokens must have, if set. */
  issuer?: string;
  /** The `aud` that tokens must have, if set. */
  audience?: string;
  clock: Clock;
  /** How far the issuer's clock may differ from ours, in seconds. */
  clockToleranceS: number;
}

/** Longer tokens are refused unread. */
const MAX_TOKEN_LENGTH = 8_192;

/**
 * Verifies access tokens. The algorithm determines the key, and each kind of key has its own list of algorithms, so
 * that neither `none` nor an HS256 signature made with a published key is ever accepted. Errors: `config_invalid`
 * without a secret and a key set.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { clock, clockToleranceS } = options;
  const verifySignature = signatureVerifier(options);
  const verified = new VerifiedTokens(clock);
  return {
    async verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) throw new ImError('token_invalid', 'the token is too long');
      const known = verified.get(token);
      if (known !== null) {
        if (known.expiresAt > clock.now() - clockToleranceS * 1_000) return known;
        throw new ImError('token_expired', 'the token has expired');
      }
      try {
        const claims = readClaims(await verifySignature(token), 'access');
        verified.add(token, claims);
        return claims;
      } catch (error) {
        throw tokenError(error);
      }
    },
  };
}

function signatureVerifier(options: TokenVerifierOptions): (token: string) => Promise<JWTPayload> {
  const { secret, jwks, issuer, audience, clock, clockToleranceS } = options;
  if (secret === undefined && jwks === undefined) {
    throw new ImError('config_invalid', 'a secret or a key set is needed to verify tokens');
  }
  const secretBytes = secret === undefined ? null : new TextEncoder().encode(secret);
  const keySet = jwks === undefined ? null : createKeySet(jwks, clock);
  const expected = {
    ...defined({ issuer, audience }),
    clockTolerance: clockToleranceS,
  };
  return async (token) => {
    const { alg } = decodeProtectedHeader(token);
    const checks: JWTVerifyOptions = { ...expected, currentDate: new Date(clock.now()) };
    if (alg === 'HS256' && secretBytes !== null) {
      return (await jwtVerify(token, secretBytes, { ...checks, algorithms: ['HS256'] })).payload;
    }
    if ((alg === 'RS256' || alg === 'ES256') && keySet !== null) {
      return (await jwtVerify(token, keySet, { ...checks, algorithms: ['RS256', 'ES256'] })).payload;
    }
    throw new ImError('token_invalid', 'the signature algorithm of the token is not accepted');
  };
}
