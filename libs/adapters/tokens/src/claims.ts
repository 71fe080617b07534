import { defined, ImError, isDeviceId, isUserId } from '@chasqui/domain';
import type { TokenClaims } from '@chasqui/ports';
import { errors, type JWTPayload } from 'jose';

/** What a token is for. One without the claim is an access token: host applications need not know of it. */
export type TokenUse = 'access' | 'refresh';

/** The claim of a token's generation: a name that no host application has for anything else. */
export const GENERATION = 'chasqui_gen';

/** The end of the year 9999 in Unix seconds. What is beyond it is no time but a fault, as are milliseconds. */
const LAST_SECOND = 253_402_300_799;
const TIMES = ['exp', 'iat', 'nbf'] as const;

/** The claims of a payload whose signature and times hold. Errors: `token_invalid`. */
export function readClaims(payload: JWTPayload, wanted: TokenUse): TokenClaims {
  const {
    sub,
    exp,
    iat = 0,
    use = 'access',
    device,
    login,
    step,
    email,
    email_verified,
    [GENERATION]: generation,
  } = payload;
  for (const claim of TIMES) {
    // JSON's 1e400 is infinity: a token that never expires, or is newer than whatever ends it.
    if (payload[claim] !== undefined && !(Math.abs(payload[claim]) <= LAST_SECOND)) {
      throw new ImError('token_invalid', `\`${claim}\` of the token is not a time in Unix seconds`);
    }
  }
  if (use !== wanted)
    throw new ImError('token_invalid', `this is not ${wanted === 'access' ? 'an access' : 'a refresh'} token`);
  if (typeof sub !== 'string' || !isUserId(sub)) {
    throw new ImError('token_invalid', 'the token names no valid user in `sub`');
  }
  // A claim that binds nothing would make the token good for every device.
  if (device !== undefined && (typeof device !== 'string' || !isDeviceId(device))) {
    throw new ImError('token_invalid', 'the token names no valid device in `device`');
  }
  return {
    userId: sub,
    expiresAt: exp === undefined ? Number.POSITIVE_INFINITY : exp * 1_000,
    // Of a fraction of a second, so that it is the very millisecond that was meant.
    issuedAt: Math.round(iat * 1_000),
    ...(isGeneration(generation) ? { generation } : {}),
    ...defined({ deviceId: device }),
    ...(typeof email === 'string' && email_verified === true ? { verifiedEmail: email } : {}),
    ...(typeof login === 'string' && typeof step === 'number' ? { login: { loginId: login, step } } : {}),
  };
}

function isGeneration(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** What is wrong with a token, in the project's words; it says nothing of what the token holds. */
export function tokenError(error: unknown): ImError {
  if (error instanceof ImError) return error;
  if (error instanceof errors.JWTExpired) return new ImError('token_expired', 'the token has expired', {}, error);
  return new ImError('token_invalid', 'the token is not valid', {}, error);
}
