import { defined, ImError, isDeviceId, isUserId, SYSTEM_USER } from '@chasqui/domain';
import type { TokenClaims } from '@chasqui/ports';
import { errors, type JWTPayload } from 'jose';

/** The purpose of a token. A token without the claim is an access token, so that host applications need not know it. */
export type TokenUse = 'access' | 'refresh';

/** The claim of a token's generation: a name that no host application uses otherwise. */
export const GENERATION = 'chasqui_gen';

/** The end of the year 9999 in Unix seconds. A later time is a fault, for example a value in milliseconds. */
const LAST_SECOND = 253_402_300_799;
const TIMES = ['exp', 'iat', 'nbf'] as const;

/** The claims of a payload with a valid signature and valid times. Errors: `token_invalid`. */
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
    // JSON's 1e400 is infinity: a token that never expires, or is newer than every cut-off.
    if (payload[claim] !== undefined && !(Math.abs(payload[claim]) <= LAST_SECOND)) {
      throw new ImError('token_invalid', `\`${claim}\` of the token is not a time in Unix seconds`);
    }
  }
  if (use !== wanted)
    throw new ImError('token_invalid', `this is not ${wanted === 'access' ? 'an access' : 'a refresh'} token`);
  if (typeof sub !== 'string' || !isUserId(sub) || sub === SYSTEM_USER) {
    throw new ImError('token_invalid', 'the token names no valid user in `sub`');
  }
  // An invalid device claim must not make the token valid for every device.
  if (device !== undefined && (typeof device !== 'string' || !isDeviceId(device))) {
    throw new ImError('token_invalid', 'the token names no valid device in `device`');
  }
  return {
    userId: sub,
    expiresAt: exp === undefined ? Number.POSITIVE_INFINITY : exp * 1_000,
    // Rounded from a fraction of a second to the intended millisecond.
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

/** The fault of a token, in the project's words, without the token's content. */
export function tokenError(error: unknown): ImError {
  if (error instanceof ImError) return error;
  if (error instanceof errors.JWTExpired) return new ImError('token_expired', 'the token has expired', {}, error);
  return new ImError('token_invalid', 'the token is not valid', {}, error);
}
