import { type ErrorCode, engineError, ImError, type ImErrorDetails, knownErrorCode } from '@chasqui/domain';

/** An error in transit through a thread boundary or a socket: code, message, details, without the stack. */
export type WireError = [code: string, message: string, details: ImErrorDetails];

/** SQLite's codes for a value that it will never accept: too big, a constraint violated, a wrong type. */
const REFUSED_VALUES = new Set([18, 19, 20]);

/**
 * An error that is no `ImError` becomes `unprocessable` if it is permanent, else `fallback`: the engine's
 * "unavailable".
 */
export function toWireError(error: unknown, fallback: ErrorCode): WireError {
  const { code, message, details } = isRefusedValue(error)
    ? new ImError('unprocessable', 'the database permanently refuses this value', { reason: String(error) })
    : engineError(error, fallback);
  return [code, message, details];
}

export function fromWireError([code, message, details]: WireError): ImError {
  return new ImError(knownErrorCode(code), message, details);
}

function isRefusedValue(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { code?: string; errcode?: number };
  // The low byte is the base code; the higher bytes refine it.
  return code === 'ERR_SQLITE_ERROR' && errcode !== undefined && REFUSED_VALUES.has(errcode & 0xff);
}
