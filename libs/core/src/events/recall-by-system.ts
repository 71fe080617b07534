import { type ActionEvent, type ConversationId, type MessageId, SYSTEM_USER } from '@chasqui/domain';
import { NO_SESSION } from '@chasqui/ports';
import { SYSTEM_ACTION_FORMAT } from './event-formats.ts';

/** The event that deletes a message for everybody, as the system: nobody waits for its answer. `at`: Unix ms. */
export function recallBySystem(
  { conversationId, messageId }: { conversationId: ConversationId; messageId: MessageId },
  { nodeId, at }: { nodeId: string; at: number },
): ActionEvent<'recall'> {
  const by = { by: SYSTEM_USER, sessionId: NO_SESSION, nodeId, at };
  return { type: 'action', v: SYSTEM_ACTION_FORMAT, action: 'recall', conversationId, messageId, ...by };
}
