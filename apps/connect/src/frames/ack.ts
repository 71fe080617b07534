import { CONVERSATION_TOPIC, ImError, peerOf, type ReceiptEvent } from '@chasqui/domain';
import { admit } from '../admission.ts';
import { pushedMs } from '../pushed-ms.ts';
import type { FrameHandler } from './index.ts';

/** Step 6 of the journey: what a device has or a user has read goes to the bus, behind the message it is about. */
export const handleAck: FrameHandler<'ack'> = async (node, session, frame) => {
  const { conversationId, messageIds, state } = frame;
  peerOf(conversationId, session.userId);
  admit(node);
  if (!messageIds.every((messageId) => node.ids.observe(messageId))) {
    throw new ImError('invalid_frame', 'a message id from the future', { field: 'messageIds' });
  }
  const pushedAt = messageIds.map((messageId) => node.watch.acked(session.userId, messageId));
  const event: ReceiptEvent = {
    type: 'receipt',
    conversationId,
    state,
    messageIds,
    by: session.userId,
    deviceId: session.deviceId,
    nodeId: node.nodeId,
    at: node.clock.now(),
    ...pushedMs(pushedAt, node.clock.monotonic()),
  };
  try {
    await node.publisher.publish(CONVERSATION_TOPIC, conversationId, event);
  } catch (error) {
    // Nobody else knows of the ack: unless the device repeats it, the messages are handled as unacked (C9).
    for (const messageId of messageIds) node.watch.lost(session.userId, messageId, conversationId);
    throw error;
  }
};
