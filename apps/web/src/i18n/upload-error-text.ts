import { ImError } from '@chasqui/client';
import { soon } from '../model/time-names.ts';
import type { FilesTexts } from './files-en.ts';

/** What an hour's bound asks to wait, where the server does not say. */
const HOUR_MS = 3_600_000;

/** Why a file was not uploaded, as text for the user. `other`: words for errors that other calls may have as well. */
export function uploadErrorText(
  { refusals }: FilesTexts,
  locale: string,
  error: unknown,
  other: (error: unknown) => string,
): string {
  const { code, message, details } = ImError.from(error);
  if (code === 'attachment_invalid') {
    if (message.includes('checksum')) return refusals.checksum;
    return message.includes('infected') ? refusals.infected : refusals.refused;
  }
  if (code === 'invalid_request' && details.field === 'size') return refusals.tooLarge;
  if (code === 'content_too_large') return refusals.tooLarge;
  if (code === 'limit_reached') return refusals.tooManyOpen;
  if (code === 'too_fast') return refusals.tooMuch(soon(details.retryAfterMs ?? HOUR_MS, locale));
  if (code === 'store_unavailable') return refusals.notNow;
  if (code === 'forbidden') return refusals.noFiles;
  // The file was moved, changed or deleted since it was chosen: the browser says so when it is read.
  if (error instanceof DOMException || (error instanceof ImError && error.cause instanceof DOMException)) {
    return refusals.unreadable;
  }
  return other(error);
}
