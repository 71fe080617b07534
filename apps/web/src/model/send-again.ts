import type { ChatMessage } from '@chasqui/client';
import { ERROR_CODES } from '@chasqui/domain';

/** Whether a refused message may be taken when it is sent again, as another message: only then is that offered. */
export function maySendAgain({ state, refusal }: Pick<ChatMessage, 'state' | 'refusal'>): boolean {
  if (state !== 'failed') return false;
  return refusal === undefined || refusal === 'client_message_id_reused' || ERROR_CODES[refusal] !== 'never';
}
