import type { Message } from '@chasqui/domain';
import type { ServerFrame } from '@chasqui/protocol';

/** Makes devices remove a message that they got live and that will not be stored. */
export function retractFrame({
  messageId,
  conversationId,
}: Pick<Message, 'messageId' | 'conversationId'>): ServerFrame {
  return { type: 'retract', messageId, conversationId };
}
