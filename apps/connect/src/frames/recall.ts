import { type ActionEvent, CONVERSATION_TOPIC, defined, isGroupId, mustBelong } from '@chasqui/domain';
import type { FrameHandler } from './frame-handler.ts';

/**
 * Business decides, as only it knows the message. It announces the recall to everybody who has the message, or refuses
 * it to this session.
 */
export const handleRecall: FrameHandler<'recall'> = async (node, session, { conversationId, messageId, ref }) => {
  if (isGroupId(conversationId)) await node.groupAccess.mustBelong(conversationId, session.userId);
  else mustBelong(conversationId, session.userId);
  node.admission.event(session.userId);
  const event: ActionEvent = {
    type: 'action',
    action: 'recall',
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
