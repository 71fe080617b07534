import { ERROR_CODES, type ErrorCode, ImError, type ImErrorDetails } from '@chasqui/domain';

/** An error as it crosses a thread or a socket: code, message, details. The stack stays where it was. */
export type WireError = [code: string, message: string, details: ImErrorDetails];

/** Anything that is no `ImError` becomes `fallback`: the documented error of the engine that failed. */
export function toWireError(error: unknown, fallback: ErrorCode): WireError {
  const { code, message, details } = ImError.from(error, fallback);
  return [code, message, details];
}

export function fromWireError([code, message, details]: WireError): ImError {
  return new ImError(code in ERROR_CODES ? (code as ErrorCode) : 'internal', message, details);
}
