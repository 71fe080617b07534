import { type ChatMessage, ERROR_CODES } from '@chasqui/client';

/** Whether a refused message may be accepted when it is sent again as a new one; only then is this offered. */
export function maySendAgain({ state, refusal }: Pick<ChatMessage, 'state' | 'refusal'>): boolean {
  if (state !== 'failed') return false;
  return refusal === undefined || refusal === 'client_message_id_reused' || ERROR_CODES[refusal] !== 'never';
}
