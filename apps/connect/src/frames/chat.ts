import { ImError } from '@chasqui/domain';
import type { FrameHandler } from './frame-handler.ts';

export const handleChat: FrameHandler<'chat'> = (node, session, frame) => {
  if (frame.from !== undefined && frame.from !== session.userId) {
    throw new ImError('forged_sender', 'from must be the user of this session, or absent', { field: 'from' });
  }
  if (node.draining) throw new ImError('node_draining', 'this node is stopping: reconnect to another and resend');
  node.sender.send(session, frame);
};
