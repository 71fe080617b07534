import { CONVERSATION_TOPIC, defined, type SyncedEvent } from '@chasqui/domain';
import type { FrameHandler } from './frame-handler.ts';

/** Design, section 3, step 7. `confirm_ok` says that the bus holds the confirmation. */
export const handleConfirm: FrameHandler<'confirm_messages_synced'> = async (node, session, frame) => {
  node.admission.event(session.userId);
  const pages = session.unconfirmedPages?.confirmed(frame.position, node.clock.monotonic()) ?? [];
  const event: SyncedEvent = {
    type: 'synced',
    userId: session.userId,
    deviceId: session.deviceId,
    position: frame.position,
    ...defined({ epoch: frame.epoch }),
    nodeId: node.nodeId,
    at: node.clock.now(),
    ...(pages.length === 0 ? {} : { pages }),
  };
  await node.publisher.publish(CONVERSATION_TOPIC, session.userId, event);
  session.send({
    type: 'confirm_ok',
    position: frame.position,
    ...defined({ ref: frame.ref }),
  });
};
