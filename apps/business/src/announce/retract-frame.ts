import type { Message } from '@chasqui/domain';
import type { ServerFrame } from '@chasqui/protocol';

/** What was pushed live of a message that will not be stored goes again from the devices that showed it. */
export function retractFrame({
  messageId,
  conversationId,
}: Pick<Message, 'messageId' | 'conversationId'>): ServerFrame {
  return { type: 'retract', messageId, conversationId };
}
