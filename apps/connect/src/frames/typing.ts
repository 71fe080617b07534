import { type ConversationId, ImError, postRefusal, receiversOf } from '@chasqui/domain';
import { NO_SESSION } from '@chasqui/ports';
import { encodeServerFrame } from '@chasqui/protocol';
import type { NodeContext } from '../node-context.ts';
import { kindOf } from '../send/conversation-kind.ts';
import type { Session } from '../sessions/session.ts';
import type { FrameHandler } from './frame-handler.ts';

/** Live only: a late typing notice is of no use. It goes to the audience of an unblocked message, or to a small group. */
export const handleTyping: FrameHandler<'typing'> = async (node, session, { to, conversationId, active = true }) => {
  const address = { to, conversationId };
  const { name } = kindOf(node.kinds, address);
  if (name === 'group' && conversationId !== undefined) {
    await tellGroup(node, session, conversationId, active);
    return;
  }
  const { conversationId: direct, decide } = node.kinds.c2c.resolve(session, address);
  const decided = await decide();
  if (decided instanceof ImError || decided.verdict !== '') return;
  const audience = decided.audienceBy('');
  if (audience instanceof ImError) return;
  const frame = encodeServerFrame({ type: 'typing', conversationId: direct, from: session.userId, active });
  const receivers = receiversOf({ from: session.userId, audience });
  await node.router.route(receivers.map((userId) => ({ userId, frame })));
};

async function tellGroup(node: NodeContext, session: Session, group: ConversationId, active: boolean): Promise<void> {
  const { userId, sessionId } = session;
  const known = await node.groupAccess.of(group, userId);
  if (known?.group == null || known.group.memberCount > node.limits.maxSmallGroup) return;
  // Who may not post does not type.
  if (
    postRefusal(known.group, known.member, { from: session.userId, mentionsAll: false, at: node.clock.now() }) !== null
  )
    return;
  const frame = encodeServerFrame({ type: 'typing', conversationId: group, from: userId, active });
  await node.router.route([{ userId, group, frame, onlySession: NO_SESSION, exceptSession: sessionId }]);
}
