import { ImError, receiversOf } from '@chasqui/domain';
import { encodeServerFrame } from '@chasqui/protocol';
import type { FrameHandler } from './frame-handler.ts';

/** Live only: a late typing notice is of no use. It goes to the audience of an unblocked message. */
export const handleTyping: FrameHandler<'typing'> = async (node, session, { to, active }) => {
  const { conversationId, decide } = node.kinds.c2c.resolve(session, { to });
  const { verdict, audienceBy } = await decide();
  const audience = audienceBy(verdict);
  if (verdict !== '' || audience instanceof ImError) return;
  const frame = encodeServerFrame({ type: 'typing', conversationId, from: session.userId, active: active ?? true });
  const receivers = receiversOf({ from: session.userId, audience });
  await node.router.route(receivers.map((userId) => ({ userId, frame })));
};
