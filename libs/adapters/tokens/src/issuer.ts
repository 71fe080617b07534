import { type Clock, defined, type UserId } from '@chasqui/domain';
import type { TokenIssuer } from '@chasqui/ports';
import { jwtVerify, SignJWT } from 'jose';
import { GENERATION, readClaims, type TokenUse, tokenError } from './claims.ts';

export interface TokenIssuerOptions {
  /** Signs with HS256; the verifier has the same secret. */
  secret: string;
  /** The `iss` and `aud` of the tokens; set if the verifier requires them. */
  issuer?: string;
  audience?: string;
  clock: Clock;
  /** Life of an access token, in seconds. */
  accessTtlS: number;
  /** Life of a refresh token, in seconds. */
  refreshTtlS: number;
}

/** Issues pairs of tokens, distinguished by their `use` claim. */
export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const { issuer, audience, clock, accessTtlS, refreshTtlS } = options;
  const secret = new TextEncoder().encode(options.secret);
  const sign = (
    userId: UserId,
    claims: { use: TokenUse; device?: string; login?: string; step?: number; [GENERATION]?: number },
    ttlS: number,
  ) => {
    const nowMs = clock.now();
    const token = new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(userId)
      // With milliseconds, as the verifier compares it with the moment in which sessions were ended.
      .setIssuedAt(nowMs / 1_000)
      .setExpirationTime(Math.floor(nowMs / 1_000) + ttlS);
    if (issuer !== undefined) token.setIssuer(issuer);
    if (audience !== undefined) token.setAudience(audience);
    return token.sign(secret);
  };
  return {
    refreshTtlS,
    async issue(userId, { deviceId, login, generation } = {}) {
      const common = {
        ...defined({ device: deviceId }),
        ...(generation === undefined ? {} : { [GENERATION]: generation }),
      };
      const place = login === undefined ? {} : { login: login.loginId, step: login.step };
      const [accessToken, refreshToken] = await Promise.all([
        sign(userId, { use: 'access', ...common }, accessTtlS),
        sign(userId, { use: 'refresh', ...common, ...place }, refreshTtlS),
      ]);
      return { accessToken, refreshToken, expiresInS: accessTtlS };
    },
    async verifyRefresh(refreshToken) {
      try {
        const { payload } = await jwtVerify(refreshToken, secret, {
          algorithms: ['HS256'],
          currentDate: new Date(clock.now()),
          ...defined({ issuer, audience }),
        });
        return readClaims(payload, 'refresh');
      } catch (error) {
        throw tokenError(error);
      }
    },
  };
}
