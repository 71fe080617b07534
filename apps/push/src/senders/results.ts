import { cutText, defined } from '@chasqui/domain';
import type { SendResult } from '../push-sender.ts';

/** Outcomes keep no more of a provider's word. */
const MAX_REASON = 128;

/** A provider's own word, or what we say of its status where it gives none. */
export function reasonOf(word: unknown, status: number): string {
  return typeof word === 'string' && word !== '' ? cutText(word, MAX_REASON) : `status ${status}`;
}

/** One more try; `afterMs` where the provider named a time. */
export function retry(reason: string, scope: 'device' | 'provider', afterMs?: number): SendResult {
  return { type: 'retry', reason, scope, ...defined({ afterMs }) };
}

/**
 * What a failed request says. Aborted by `signal`: the provider was too slow, for this one at least. Anything else: the
 * provider is not there, for nobody.
 */
export function unreached(error: unknown, signal: AbortSignal): SendResult {
  if (signal.aborted) return retry('timeout', 'device');
  const { cause } = error as { cause?: { code?: unknown } };
  const { code } = error as { code?: unknown };
  return retry(reasonOf(cause?.code ?? code ?? 'unreachable', 0), 'provider');
}
