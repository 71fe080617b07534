import { ERROR_CODES, type ErrorCode, engineError, ImError, type ImErrorDetails } from '@chasqui/domain';

/** An error as it crosses a thread or a socket: code, message, details. The stack stays where it was. */
export type WireError = [code: string, message: string, details: ImErrorDetails];

/** What SQLite says of a value that it will never take: too big, against a constraint, of another type. */
const REFUSED_VALUES = new Set([18, 19, 20]);

/** Anything that is no `ImError` becomes `unprocessable` if it is permanent, else `fallback`: the engine's "unavailable". */
export function toWireError(error: unknown, fallback: ErrorCode): WireError {
  const { code, message, details } = isRefusedValue(error)
    ? new ImError('unprocessable', 'the database permanently refuses this value', { reason: String(error) })
    : engineError(error, fallback);
  return [code, message, details];
}

export function fromWireError([code, message, details]: WireError): ImError {
  return new ImError(code in ERROR_CODES ? (code as ErrorCode) : 'internal', message, details);
}

function isRefusedValue(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { code?: string; errcode?: number };
  // The low byte is the kind; what stands above it says more.
  return code === 'ERR_SQLITE_ERROR' && errcode !== undefined && REFUSED_VALUES.has(errcode & 0xff);
}
