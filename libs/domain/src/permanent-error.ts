import { type ErrorCode, ImError } from './errors.ts';

const LANGUAGE_ERRORS = [RangeError, TypeError, SyntaxError, ReferenceError, URIError];

/**
 * Whether the same work on the same input fails on every retry. An `ImError` states that itself. The language's own
 * errors (too deep, too long, wrong type, not cloneable between threads) are caused by the input or by our code. Any
 * other error may mean that an engine is unavailable: false.
 *
 * An adapter must not let a driver's `TypeError` for a lost connection through (`fetch` throws one).
 */
export function isPermanent(error: unknown): boolean {
  if (error instanceof ImError) return error.retry === 'never';
  if (LANGUAGE_ERRORS.some((type) => error instanceof type)) return true;
  return error instanceof Error && error.name === 'DataCloneError';
}

/** The reason in our own words, without text from an engine or the language, and without a stack. */
export function permanentReason(error: unknown): string {
  if (error instanceof ImError) return `${error.code}: ${error.message}`;
  return `handling it ends in a ${error instanceof Error ? error.name : 'throw'} each time`;
}

/**
 * The error that an engine throws: `unprocessable` if the cause is permanent, otherwise `fallback`, the engine's
 * "unavailable".
 */
export function engineError(error: unknown, fallback: ErrorCode): ImError {
  if (error instanceof ImError || !isPermanent(error)) return ImError.from(error, fallback);
  const reason = error instanceof Error ? error.message : String(error);
  return new ImError('unprocessable', permanentReason(error), { reason }, error);
}
