import { ERROR_CODES, type ErrorCode, ImError } from '@chasqui/client';
import { soon } from '../model/time-names.ts';
import type { ErrorTexts } from './errors-en.ts';

/**
 * An error as text for the user. It suggests a retry only where one may help: never for an error whose retry is
 * `never`.
 */
export function errorTextIn(words: ErrorTexts, locale: string, error: unknown): string {
  const { code, details } = ImError.from(error);
  const { field = '', retryAfterMs } = details;
  if (code === 'not_found' && field === 'userId') return words.noSuchUser;
  if (code === 'too_fast' && retryAfterMs !== undefined) return words.tooFast(soon(retryAfterMs, locale));
  if (code === 'action_refused' && field === 'emoji') return words.noMoreReactions;
  const isOfField = code === 'invalid_request' || code === 'content_invalid';
  return (isOfField ? fieldText(words, field) : undefined) ?? codeTextIn(words, code);
}

/** As `errorTextIn`, where only the code is known. */
export function codeTextIn(words: ErrorTexts, code: ErrorCode): string {
  const codes: { [code: string]: string } = words.codes;
  return codes[code] ?? (ERROR_CODES[code] === 'never' ? words.refused(code) : words.other);
}

/** `path`: such as `notifications.quietHours.timeZone`; the innermost part that has a text is used. */
function fieldText({ fields }: ErrorTexts, path: string): string | undefined {
  const known: { [field: string]: string } = fields;
  const part = path.split('.').findLast((name) => Object.hasOwn(known, name));
  return part === undefined ? undefined : known[part];
}
