import { cutText, defined } from '@chasqui/domain';
import type { SendResult } from '../push-sender.ts';

/** Outcomes keep at most this many characters of a provider's reason. */
const MAX_REASON = 128;

/** The provider's reason, or its status if it gives none. */
export function reasonOf(word: unknown, status: number): string {
  return typeof word === 'string' && word !== '' ? cutText(word, MAX_REASON) : `status ${status}`;
}

/** A retry; `afterMs` is set if the provider gave a time. */
export function retry(reason: string, scope: 'device' | 'provider', afterMs?: number): SendResult {
  return { type: 'retry', reason, scope, ...defined({ afterMs }) };
}

/**
 * The result of a failed request. If `signal` aborted it, the provider was too slow, perhaps only for this request. Any
 * other failure means that the provider cannot be reached at all.
 */
export function unreached(error: unknown, signal: AbortSignal): SendResult {
  if (signal.aborted) return retry('timeout', 'device');
  const { cause } = error as { cause?: { code?: unknown } };
  const { code } = error as { code?: unknown };
  return retry(reasonOf(cause?.code ?? code ?? 'unreachable', 0), 'provider');
}
