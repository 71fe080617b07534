import { CONVERSATION_TOPIC, defined, peerOf, type RecallEvent } from '@chasqui/domain';
import type { FrameHandler } from './frame-handler.ts';

/** Business decides (only it knows the message) and tells both ends, or refuses to this session. */
export const handleRecall: FrameHandler<'recall'> = async (node, session, { conversationId, messageId, ref }) => {
  peerOf(conversationId, session.userId);
  node.admission.event(session.userId);
  const event: RecallEvent = {
    type: 'recall',
    conversationId,
    messageId,
    by: session.userId,
    sessionId: session.sessionId,
    ...defined({ ref }),
    nodeId: node.nodeId,
    at: node.clock.now(),
  };
  await node.publisher.publish(CONVERSATION_TOPIC, conversationId, event);
};
