import { CONVERSATION_TOPIC, defined, emojiOf, ImError, isGroupId, type ReactionEvent } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../sessions/session.ts';
import { mustTakePart } from './publish-action.ts';

/**
 * Puts a reaction of the session's user on the bus. A group takes so many of them a second: they would slow its messages
 * (C23). Errors: `read_only`, `invalid_frame`, `not_a_member`, `too_fast`, `overloaded`, `bus_unavailable`.
 */
export async function publishReaction(
  node: NodeContext,
  session: Session,
  { conversationId, messageId, emoji: asked, on = true, actionId = node.ids.next(), ref }: ClientFrameOf<'action'>,
): Promise<void> {
  node.readOnly.refuseChange();
  const emoji = asked === undefined ? null : emojiOf(asked);
  if (emoji === null)
    throw new ImError('invalid_frame', 'action: emoji: must be exactly one emoji', { field: 'emoji' });
  await mustTakePart(node, session, conversationId);
  const retryAfterMs = isGroupId(conversationId) ? node.groupReactions.waitMs(conversationId) : 0;
  if (retryAfterMs > 0) throw new ImError('too_fast', 'too many reactions in this group', { retryAfterMs });
  node.admission.event(session.userId);
  const { userId: by, sessionId } = session;
  const event: ReactionEvent = {
    type: 'react',
    conversationId,
    messageId,
    by,
    emoji,
    on,
    actionId,
    sessionId,
    ...defined({ ref }),
    nodeId: node.nodeId,
    at: node.clock.now(),
  };
  await node.publisher.publish(CONVERSATION_TOPIC, conversationId, event);
}
