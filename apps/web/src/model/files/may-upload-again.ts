import { ERROR_CODES, type ErrorCode, type ImError } from '@chasqui/client';

/** Refusals that another try may help against: others have ended, or the bytes come undamaged. */
const PASSING: readonly ErrorCode[] = ['limit_reached', 'attachment_invalid', 'upload_conflict', 'not_found'];

/** Whether it makes sense to offer a failed upload another try. */
export function mayUploadAgain(error: Pick<ImError, 'code'> | null): boolean {
  return error === null || ERROR_CODES[error.code] !== 'never' || PASSING.includes(error.code);
}
