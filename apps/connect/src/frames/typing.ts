import { conversationOf } from '@chasqui/domain';
import { encodeServerFrame } from '@chasqui/protocol';
import type { FrameHandler } from './frame-handler.ts';

/** Live only: a typing notice that does not arrive is of no use later. Between two of whom one blocks the other it goes nowhere. */
export const handleTyping: FrameHandler<'typing'> = async (node, session, { to, active }) => {
  const conversationId = conversationOf(session.userId, to);
  if ((await node.blocks.between(session.userId, to)) !== 'nobody') return;
  const frame = encodeServerFrame({ type: 'typing', conversationId, from: session.userId, active: active ?? true });
  await node.router.route([{ userId: to, frame }]);
};
