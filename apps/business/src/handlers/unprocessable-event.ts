import type { RoutedDelivery } from '@chasqui/core';
import {
  type ActionEvent,
  type ConversationEvent,
  defined,
  encodeMessage,
  type GroupEvent,
  inboxOf,
  isPermanent,
  type Message,
  type MessageEvent,
  SEARCH_TOPIC,
} from '@chasqui/domain';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import { retractFrame } from '../announce/retract-frame.ts';
import { toLog } from '../announce/to-log.ts';
import type { BusinessContext } from '../business-context.ts';
import { actionOn } from './action-rules.ts';
import { HeldMessages } from './held-messages.ts';

const MESSAGE = 'the server can never handle this; it was set aside to be looked at';

type Told = Pick<
  BusinessContext,
  'conversations' | 'groups' | 'messages' | 'holds' | 'publisher' | 'router' | 'clock' | 'nodeId' | 'metrics'
>;

/**
 * Ends an event that can never be handled, whose bus message goes to the dead letters next. Everybody who waits for an
 * answer gets a final error. A message is removed everywhere, or recalled if an inbox has it already: an entry without
 * a body would stop that user's syncs for ever. May be repeated.
 */
export async function rejectUnprocessable(context: Told, event: ConversationEvent): Promise<void> {
  context.metrics.dropped('unprocessable');
  if (event.type === 'message') await rejectMessage(context, event);
  else if (event.type === 'action') await rejectAction(context, event);
  else if (event.type === 'group') await rejectChange(context, event);
}

async function rejectMessage(context: Told, event: MessageEvent): Promise<void> {
  const { nodeId, sessionId, encoded } = event;
  const { message } = encoded;
  const kept = await takeBack(context, event);
  const { from, audience } = message;
  const own = inboxOf(from);
  const retract = retractFrame(message);
  const deliveries: RoutedDelivery[] = [
    { userId: from, nodeId, onlySession: sessionId, frame: errorFrame(message.clientMessageId) },
    ...audience.filter((log) => log !== own).map((log) => toLog(log, from, retract)),
    { ...toLog(own, from, retract), exceptSession: sessionId },
    ...(kept?.audience ?? []).map((log) => toLog(log, from, { type: 'sync_needed' })),
  ];
  await context.router.route(deliveries);
}

async function rejectAction({ router }: Told, { by, nodeId, sessionId, ref }: ActionEvent): Promise<void> {
  await router.route([{ userId: by, nodeId, onlySession: sessionId, frame: errorFrame(ref) }]);
}

/** Who asked for a change reads its outcome. */
async function rejectChange({ groups }: Told, { change }: GroupEvent): Promise<void> {
  const refusal = { result: 'refused', code: 'unprocessable', field: 'conversationId', message: MESSAGE } as const;
  await groups.refuse(change, refusal);
}

/** Returns the message without its content, as logs have it after the recall; null: no log has it. */
async function takeBack(
  { conversations, messages, holds, publisher, clock, nodeId }: Told,
  event: MessageEvent,
): Promise<Message | null> {
  const { message } = event.encoded;
  const kept = await recorded(conversations, event);
  if (kept?.messageId !== message.messageId) await messages.remove([message]);
  if (kept === null) return null;
  const { conversationId, messageId, from: by, audience } = kept;
  await messages.put([{ ...encodeMessage({ ...kept, content: {} }), steps: [] }]);
  const [stored] = await messages.get([kept]);
  if (stored == null) return kept;
  const action = actionOn(stored, { action: 'recall', by, at: clock.now() });
  await new HeldMessages(holds, clock).keep(stored, action);
  await messages.apply([{ conversationId, messageId, action, node: nodeId }]);
  await conversations.act([{ ...action, conversationId, messageId, audience }]);
  await publisher.publish(SEARCH_TOPIC, conversationId, { messages: [{ conversationId, messageId }] });
  return kept;
}

/** The message as logs have it. Null if they have none, or another message under that `clientMessageId`. */
async function recorded(
  conversations: BusinessContext['conversations'],
  { encoded: { message }, digests }: MessageEvent,
): Promise<Message | null> {
  try {
    const [outcome] = await conversations.record([{ ...message, digests }]);
    if (outcome === undefined || !('places' in outcome)) return null;
    return { ...message, messageId: outcome.messageId, audience: outcome.places.map(({ log }) => log) };
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return null;
  }
}

function errorFrame(ref: string | undefined): string {
  const frame: ServerFrame = {
    type: 'error',
    code: 'unprocessable',
    message: MESSAGE,
    retry: 'never',
    ...defined({ ref }),
  };
  return encodeServerFrame(frame);
}
