import type { ConversationId, MessageId, ReactionEvent, UserId } from '@chasqui/domain';
import { NO_SESSION } from '@chasqui/ports';

/** The event that takes back all that a user has reacted with to a message: nobody waits for its answer. `at`: Unix ms. */
export function withdrawReactions(
  { conversationId, messageId }: { conversationId: ConversationId; messageId: MessageId },
  by: UserId,
  { nodeId, at }: { nodeId: string; at: number },
): ReactionEvent {
  const from = { by, sessionId: NO_SESSION, nodeId, at };
  return { type: 'react', conversationId, messageId, emoji: '', on: false, actionId: NO_SESSION, ...from };
}
