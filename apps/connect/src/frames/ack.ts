import { CONVERSATION_TOPIC, isGroupId, mustBelong, type ReceiptEvent } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import { ITEM_COSTS } from '../admission/work-costs.ts';
import { pushAges } from '../deliver/push-ages.ts';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../sessions/session.ts';
import type { FrameHandler } from './frame-handler.ts';

/** An acked message, and when this node pushed it, if it awaited the ack. */
interface Acked {
  messageId: string;
  pushedAt: number | undefined;
}

/** Design, section 3, step 6: publishes acks and reads on the bus, behind the message that they are about. */
export const handleAck: FrameHandler<'ack'> = (node, session, frame) => {
  const { conversationId, messageIds } = frame;
  if (isGroupId(conversationId)) return ackGroup(node, session, frame);
  mustBelong(conversationId, session.userId);
  node.admission.event(session.userId);
  const seen: Acked[] = [];
  const unseen: Acked[] = [];
  for (const messageId of messageIds) {
    const isSeen = node.watch.knows(session.userId, messageId);
    (isSeen ? seen : unseen).push({ messageId, pushedAt: node.watch.acked(session.userId, messageId) });
  }
  const waited = seen.reduce((count, { pushedAt }) => (pushedAt === undefined ? count : count + 1), 0);
  if (waited < messageIds.length) payFor(node, session, messageIds.length - waited);
  if (unseen.length === 0) return publish(node, session, frame, seen);
  const known = seen.length === 0 ? undefined : publish(node, session, frame, seen);
  return Promise.all([known, publish(node, session, frame, unseen, true)]).then(() => undefined);
};

/**
 * In a group only the user's mark counts: *delivered* is passed over. Whoever has seen a message answers behind it in the
 * shard, so that the mark never overtakes it.
 */
async function ackGroup(node: NodeContext, session: Session, frame: ClientFrameOf<'ack'>): Promise<void> {
  const { conversationId, messageIds, state } = frame;
  payFor(node, session, messageIds.length);
  if (state === 'delivered') return;
  await node.groupAccess.mustBelong(conversationId, session.userId);
  node.admission.event(session.userId);
  const last = messageIds.toSorted().slice(-1);
  await publish(
    node,
    session,
    frame,
    last.map((messageId) => ({ messageId, pushedAt: undefined })),
  );
}

/**
 * Acks of pushed messages were paid for by the sender, and those of a sync page by the sync. All others may be
 * invented, so the user pays for them.
 */
function payFor(node: NodeContext, session: Session, acks: number): void {
  const paid = Math.min(acks, session.paidAcks);
  session.paidAcks -= paid;
  node.work.spend(session.userId, (acks - paid) * ITEM_COSTS.strangeAck);
}

async function publish(
  node: NodeContext,
  session: Session,
  { conversationId, state }: ClientFrameOf<'ack'>,
  acked: readonly Acked[],
  unseen = false,
): Promise<void> {
  const event: ReceiptEvent = {
    type: 'receipt',
    conversationId,
    state,
    messageIds: acked.map(({ messageId }) => messageId),
    by: session.userId,
    deviceId: session.deviceId,
    nodeId: node.nodeId,
    at: node.clock.now(),
    ...pushAges(
      acked.map(({ pushedAt }) => pushedAt),
      node.clock.monotonic(),
    ),
  };
  if (unseen) event.unseen = true;
  try {
    const how = state === 'delivered' ? 'publishSoon' : 'publish';
    await node.publisher[how](CONVERSATION_TOPIC, conversationId, event);
  } catch (error) {
    // Nobody else has the ack: unless the device repeats it, the messages are handled as unacked (C9).
    // In a group they never are: the user reads on.
    for (const { messageId } of isGroupId(conversationId) ? [] : acked)
      node.watch.lost(session.userId, messageId, conversationId);
    throw error;
  }
}
