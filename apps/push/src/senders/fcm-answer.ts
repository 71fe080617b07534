import type { SendResult } from '../push-sender.ts';
import { type HttpAnswer, jsonOf } from './http-answer.ts';
import { reasonOf, retry } from './results.ts';
import { retryAfterMs } from './retry-after.ts';

interface FcmProblem {
  error?: {
    status?: unknown;
    details?: { '@type'?: unknown; errorCode?: unknown; fieldViolations?: { field?: unknown }[] }[];
  };
}

/** The wait after a 429 that gives no time, as Google asks for. */
const QUOTA_MS = 60_000;
/** The token is not valid, or belongs to another project's app. */
const DEAD = new Set(['UNREGISTERED', 'SENDER_ID_MISMATCH']);

function blamesToken({ error }: FcmProblem): boolean {
  const violations = error?.details?.flatMap(({ fieldViolations = [] }) => fieldViolations) ?? [];
  return violations.some(({ field }) => field === 'message.token');
}

/** The result that an answer of FCM means. Source: Google, "ErrorCode" of FCM's HTTP v1, and "Scale your FCM sends". */
export function fcmResult(answer: HttpAnswer, now: number): SendResult {
  const { status } = answer;
  if (status === 200) return { type: 'accepted' };
  const problem = (jsonOf(answer.body) ?? {}) as FcmProblem;
  const code = problem.error?.details?.find(({ errorCode }) => typeof errorCode === 'string')?.errorCode;
  const reason = reasonOf(code ?? problem.error?.status, status);
  if (DEAD.has(reason) || (status === 400 && blamesToken(problem))) return { type: 'dead', reason };
  // A 404 without UNREGISTERED is about the project's URL, not the token: it concerns all requests, like wrong
  // credentials.
  const afterMs = retryAfterMs(answer.retryAfter, now);
  if (status === 429) return retry(reason, 'provider', afterMs ?? QUOTA_MS);
  if (status >= 500) return retry(reason, status === 503 ? 'provider' : 'device', afterMs);
  if (status === 401 || status === 403 || status === 404) return retry(reason, 'provider', afterMs);
  return { type: 'refused', reason };
}
