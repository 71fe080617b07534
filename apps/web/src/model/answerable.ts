import type { ChatMessage } from '@chasqui/client';
import type { MessageId } from '@chasqui/domain';

/** A message that the server has under its final id: others can name it. */
export type StoredMessage = ChatMessage & { readonly messageId: MessageId };

/** Whether a message can be answered, forwarded, selected and deleted: the server has it under its final id. */
export function isStored(message: ChatMessage): message is StoredMessage {
  const { messageId, state, provisional } = message;
  return messageId !== '' && !provisional && state !== 'sending' && state !== 'queued' && state !== 'failed';
}

/** Whether a message can be answered and forwarded. */
export function isAnswerable(message: ChatMessage): message is StoredMessage {
  return isStored(message) && message.recalledAt === undefined;
}

/** The message that is answered after this one, with a key that goes up (-1) or down (1); null: none. */
export function nextAnswered(
  messages: readonly ChatMessage[],
  answered: StoredMessage | null,
  step: -1 | 1,
): StoredMessage | null {
  const all = messages.filter(isAnswerable);
  const at = answered === null ? all.length : all.findIndex(({ messageId }) => messageId === answered.messageId);
  return all[step < 0 ? Math.max(0, at - 1) : at + 1] ?? null;
}
