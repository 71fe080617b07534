import { defined, type ErrorCode, ImError, type Retry } from '@chasqui/domain';

/** What a frame or an answer of the HTTP API says of an error. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  retry?: Retry;
  field?: string | undefined;
  retryAfterMs?: number;
}

/** With the retry rule that the server gave: its version may have codes that this one does not know. */
export function serverError({ code, message, retry, field, retryAfterMs }: Refusal): ImError {
  return Object.assign(new ImError(code, message, defined({ field, retryAfterMs })), defined({ retry }));
}
