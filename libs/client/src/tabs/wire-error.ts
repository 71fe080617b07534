import { defined, type ErrorCode, ImError, knownErrorCode } from '@chasqui/domain';

/** An `ImError` as the browser copies it from tab to tab. */
export interface WireError {
  code: ErrorCode;
  message: string;
  field?: string;
  retryAfterMs?: number;
}

export function errorToWire(error: unknown): WireError {
  const { code, message, details } = ImError.from(error);
  const { field, retryAfterMs } = details;
  return { code, message, ...defined({ field, retryAfterMs }) };
}

export function errorFromWire({ code, message, ...details }: WireError): ImError {
  return new ImError(knownErrorCode(code), message, details);
}
