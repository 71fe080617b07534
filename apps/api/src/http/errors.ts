import { defined, type ErrorCode, ImError } from '@chasqui/domain';
import { httpStatusOf, publicMessage } from '@chasqui/protocol';
import type { ErrorBody } from './schemas.ts';

export interface HttpProblem {
  status: number;
  body: ErrorBody;
  /** The error deserves an operator's attention: a bug of ours. */
  ours: boolean;
  /** An engine did not answer, or not as it should: the answer tells no details, so the log must. */
  away: boolean;
}

/** Refusals by Fastify itself, mapped to the project's codes. */
const FRAMEWORK_ERRORS: { [code: string]: { status: number; code: ErrorCode; message: string } } = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'invalid_request',
    message: 'the body is of another type than is taken here',
  },
  CONTENT_ENCODED: {
    status: 415,
    code: 'invalid_request',
    message: 'the body has a Content-Encoding, and none is taken: send it uncompressed',
  },
  OTHER_CHARSET: {
    status: 415,
    code: 'invalid_request',
    message: 'the body is in another charset than UTF-8, and no other is taken',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'content_too_large', message: 'the body is too large' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'invalid_request',
    message: 'the body is not as long as its Content-Length',
  },
  FST_ERR_BAD_URL: { status: 400, code: 'invalid_request', message: 'the URL is not properly percent-encoded' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 404, code: 'not_found', message: 'no id is that long' },
  FST_ERR_HANDLER_TIMEOUT: { status: 504, code: 'deadline_exceeded', message: 'no answer in time' },
};

/** The only mapping from errors to HTTP answers. `taken`: the types of bodies that the route takes. */
export function httpProblem(error: unknown, taken: readonly string[] = []): HttpProblem {
  if (error instanceof ImError) {
    const status = httpStatusOf(error.code);
    const { field, retryAfterMs } = error.details;
    return problem(status, new ImError(error.code, publicMessage(error), pick({ field, retryAfterMs })));
  }
  const {
    code = '',
    statusCode = 500,
    message = '',
  } = error as { code?: string; statusCode?: number; message?: string };
  const known = FRAMEWORK_ERRORS[code];
  if (known !== undefined) {
    const isOtherType = code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' && taken.length > 0;
    const hint = isOtherType ? `: send it with content-type: ${taken.join(' or ')}` : '';
    return problem(known.status, new ImError(known.code, `${known.message}${hint}`));
  }
  if (statusCode >= 400 && statusCode < 500) return problem(statusCode, new ImError('invalid_request', message));
  return problem(500, new ImError('internal', publicMessage({ code: 'internal', message: '' })));
}

function problem(status: number, { code, message, retry, details }: ImError): HttpProblem {
  const { field, retryAfterMs } = details;
  const body = { error: { code, message, retry, ...pick({ field, retryAfterMs }) } };
  return { status, body, ours: status === 500, away: code.endsWith('_unavailable') || code === 'deadline_exceeded' };
}

/** Omits undefined values. */
function pick(values: { field: string | undefined; retryAfterMs: number | undefined }): {
  field?: string;
  retryAfterMs?: number;
} {
  const { field, retryAfterMs } = values;
  return { ...defined({ field, retryAfterMs }) };
}
