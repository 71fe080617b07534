import { defined, type ErrorCode, ImError, type Retry } from '@chasqui/domain';

/** An `ImError` as the browser copies it from tab to tab; `serverError` makes one of it again. */
export interface WireError {
  code: ErrorCode;
  message: string;
  retry: Retry;
  field?: string;
  retryAfterMs?: number;
}

export function errorToWire(error: unknown): WireError {
  const { code, message, retry, details } = ImError.from(error);
  const { field, retryAfterMs } = details;
  return { code, message, retry, ...defined({ field, retryAfterMs }) };
}
