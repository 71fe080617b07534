import { type ChatMessage, ERROR_CODES } from '@chasqui/client';

/**
 * Whether a refused message may be accepted when it is sent again as a new one; only then is this offered. A forward always: nobody
 * can write it again, and what stood against it may have passed.
 */
export function maySendAgain({
  state,
  refusal,
  forwardOf,
}: Pick<ChatMessage, 'state' | 'refusal' | 'forwardOf'>): boolean {
  if (state !== 'failed') return false;
  if (refusal === undefined || forwardOf !== undefined) return true;
  return refusal === 'client_message_id_reused' || ERROR_CODES[refusal] !== 'never';
}
