import { type ErrorCode, engineError, ImError, type ImErrorDetails, knownErrorCode } from '@chasqui/domain';

/** An error in transit through a thread boundary or a socket: code, message, details, without the stack. */
export type WireError = [code: string, message: string, details: ImErrorDetails];

/** SQLite's codes for a value that it will never accept: too big, a constraint violated, a wrong type. */
const REFUSED_VALUES = new Set([18, 19, 20]);

/** SQLite's codes for a statement that is wrong whatever the file has: SQLITE_ERROR (syntax, unknown column), _MISUSE, _RANGE. */
const WRONG_STATEMENTS = new Set([1, 21, 25]);

/**
 * An error that is no `ImError` becomes `unprocessable` if it is permanent, `internal` if a statement of ours is wrong,
 * else `fallback`: the engine's "unavailable".
 */
export function toWireError(error: unknown, fallback: ErrorCode): WireError {
  const { code, message, details } = asOurs(error) ?? engineError(error, fallback);
  return [code, message, details];
}

export function fromWireError([code, message, details]: WireError): ImError {
  return new ImError(knownErrorCode(code), message, details);
}

/** What SQLite's code says; undefined for any other error, and for other codes. */
function asOurs(error: unknown): ImError | undefined {
  const { code, errcode } = (error ?? {}) as { code?: string; errcode?: number };
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined) return undefined;
  // The low byte is the base code; the higher bytes refine it.
  const base = errcode & 0xff;
  const reason = String(error);
  if (REFUSED_VALUES.has(base))
    return new ImError('unprocessable', 'the database permanently refuses this value', { reason });
  if (WRONG_STATEMENTS.has(base))
    return new ImError('internal', `the database rejects a statement of Chasqui (${base})`, { reason });
  return undefined;
}
