import { ImError } from '@chasqui/domain';
import { ITEM_COSTS } from '../admission/work-costs.ts';
import type { FrameHandler } from './frame-handler.ts';

export const handleChat: FrameHandler<'chat'> = (node, session, frame) => {
  if (frame.from !== undefined && frame.from !== session.userId) {
    throw new ImError('forged_sender', 'from must be the user of this session, or absent', { field: 'from' });
  }
  node.readOnly.refuseChange();
  if (node.draining) throw new ImError('node_draining', 'this node is stopping: reconnect to another and resend');
  if (frame.forwardOf !== undefined) node.work.spend(session.userId, ITEM_COSTS.forward);
  node.sender.send(session, frame);
};
