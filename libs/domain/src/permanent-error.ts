import { type ErrorCode, ImError } from './errors.ts';

const LANGUAGE_ERRORS = [RangeError, TypeError, SyntaxError, ReferenceError, URIError];

/**
 * Whether the same work on the same input fails again however often it is repeated: an `ImError` says so itself, and the
 * language's own errors (too deep, too long, not of this type, not to be copied between threads) come from the input or
 * from our code. Anything else may be an engine that is away: false.
 *
 * An adapter must not let a driver's `TypeError` for a lost connection pass (`fetch` has one).
 */
export function isPermanent(error: unknown): boolean {
  if (error instanceof ImError) return error.retry === 'never';
  if (LANGUAGE_ERRORS.some((type) => error instanceof type)) return true;
  return error instanceof Error && error.name === 'DataCloneError';
}

/** Why, in our words: no text of an engine or of the language, and no stack. */
export function permanentReason(error: unknown): string {
  if (error instanceof ImError) return `${error.code}: ${error.message}`;
  return `handling it ends in a ${error instanceof Error ? error.name : 'throw'} each time`;
}

/** An error that leaves an engine: `unprocessable` if it is permanent, else `fallback`, the engine's "unavailable". */
export function engineError(error: unknown, fallback: ErrorCode): ImError {
  if (error instanceof ImError || !isPermanent(error)) return ImError.from(error, fallback);
  const reason = error instanceof Error ? error.message : String(error);
  return new ImError('unprocessable', permanentReason(error), { reason }, error);
}
