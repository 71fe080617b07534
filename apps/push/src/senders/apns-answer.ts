import type { SendResult } from '../push-sender.ts';
import { jsonOf } from './http-answer.ts';
import type { Http2Answer } from './http2-link.ts';
import { reasonOf, retry } from './results.ts';
import { retryAfterMs } from './retry-after.ts';

interface ApnsProblem {
  reason?: unknown;
  /** Unix ms at which APNs found the token to be dead. */
  timestamp?: unknown;
}

/** The token is not valid, or belongs to another app. */
const DEAD = new Set(['BadDeviceToken', 'DeviceTokenNotForTopic', 'Unregistered', 'ExpiredToken']);
/** The key is refused for all devices: nothing is sent until somebody corrects the configuration. */
const KEY = new Set([
  'ExpiredProviderToken',
  'InvalidProviderToken',
  'MissingProviderToken',
  'Forbidden',
  'BadCertificate',
]);

/** The result that an answer of APNs means. Source: Apple, "Handling notification responses from APNs". */
export function apnsResult({ status, headers, body }: Http2Answer, now: number): SendResult {
  if (status === 200) return { type: 'accepted' };
  const { reason: word, timestamp } = (jsonOf(body) ?? {}) as ApnsProblem;
  const reason = reasonOf(word, status);
  if (status === 410 || DEAD.has(reason)) {
    return { type: 'dead', reason, ...(typeof timestamp === 'number' ? { since: timestamp } : {}) };
  }
  const afterMs = retryAfterMs(headers['retry-after'], now);
  if (status === 429) return retry(reason, reason === 'TooManyProviderTokenUpdates' ? 'provider' : 'device', afterMs);
  if (status >= 500 || KEY.has(reason)) return retry(reason, status === 500 ? 'device' : 'provider', afterMs);
  return { type: 'refused', reason };
}
