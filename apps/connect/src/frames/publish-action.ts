import { EDIT_MENTIONS_FORMAT } from '@chasqui/core';
import {
  type ActionEvent,
  CONVERSATION_TOPIC,
  type ConversationId,
  defined,
  isGroupId,
  type MessageId,
  mustBelong,
  type WantedAction,
} from '@chasqui/domain';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../sessions/session.ts';

/** Which message is changed, and the client's name for the request. */
interface Asked {
  conversationId: ConversationId;
  messageId: MessageId;
  ref?: string;
}

/** What is particular to an action. */
export type AskedAction = {
  [A in WantedAction['action']]: Omit<WantedAction<A>, 'by' | 'at'>;
}[WantedAction['action']];

/** Null: it is known at once. Errors: `not_a_member`, `store_unavailable` if that is not known. */
export function mustTakePart(
  { groupAccess }: NodeContext,
  { userId }: Session,
  id: ConversationId,
): Promise<void> | null {
  if (isGroupId(id)) return groupAccess.mustBelong(id, userId);
  mustBelong(id, userId);
  return null;
}

/** Puts an action of the session's user on the bus. Errors: `read_only`, `not_a_member`, `overloaded`, `bus_unavailable`. */
export async function publishAction(
  node: NodeContext,
  session: Session,
  { conversationId, messageId, ref }: Asked,
  payload: AskedAction,
): Promise<void> {
  node.readOnly.refuseChange();
  const asked = mustTakePart(node, session, conversationId);
  if (asked !== null) await asked;
  node.admission.event(session.userId);
  const { userId: by, sessionId } = session;
  const event: ActionEvent = {
    ...(payload.action === 'edit' && payload.mentions !== undefined ? { v: EDIT_MENTIONS_FORMAT } : {}),
    ...payload,
    type: 'action',
    conversationId,
    messageId,
    by,
    sessionId,
    ...defined({ ref }),
    nodeId: node.nodeId,
    at: node.clock.now(),
  };
  await node.publisher.publish(CONVERSATION_TOPIC, conversationId, event);
}
