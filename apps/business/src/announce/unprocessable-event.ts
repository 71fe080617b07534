import type { RoutedDelivery } from '@chasqui/core';
import { type ConversationEvent, defined, isPermanent, type Message, membersOf, SEARCH_TOPIC } from '@chasqui/domain';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import type { BusinessContext } from '../business-context.ts';
import { retractFrame } from './retract-frame.ts';

type Told = 'sessions' | 'messages' | 'publisher' | 'router' | 'clock' | 'nodeId' | 'metrics';

/**
 * Ends an event that can never be handled (its bus message goes to the dead letters next): whoever waits for an answer gets
 * a final error, and a message is nowhere afterwards, or, where an inbox has it already, taken back: an entry without a
 * body would end its user's syncs there for ever. May be repeated.
 */
export async function rejectUnprocessable(
  context: Pick<BusinessContext, Told>,
  event: ConversationEvent,
): Promise<void> {
  context.metrics.dropped('unprocessable');
  if (event.type === 'message') {
    const { message, nodeId, sessionId } = event;
    const isKept = await takeBack(context, message);
    const sender = { userId: message.from, nodeId, onlySession: sessionId };
    const deliveries: RoutedDelivery[] = [{ ...sender, frame: errorFrame(message.clientMessageId) }];
    const frame = encodeServerFrame(retractFrame(message));
    if (!message.silenced) deliveries.push({ userId: message.to, frame });
    deliveries.push({ userId: message.from, frame, exceptSession: sessionId });
    if (isKept) deliveries.push(...membersOf(message.conversationId).map((userId) => ({ userId, frame: SYNC_NEEDED })));
    await context.router.route(deliveries);
  } else if (event.type === 'recall') {
    const { by, nodeId, sessionId, ref } = event;
    await context.router.route([{ userId: by, nodeId, onlySession: sessionId, frame: errorFrame(ref) }]);
  }
}

const SYNC_NEEDED = encodeServerFrame({ type: 'sync_needed' });

/** False: no inbox has it. */
async function takeBack(
  { sessions, messages, publisher, clock, nodeId }: Pick<BusinessContext, Told>,
  message: Message,
): Promise<boolean> {
  const { conversationId, from, silenced } = message;
  const messageId = await recordedId(sessions, message);
  if (messageId !== message.messageId) await messages.remove([message]);
  if (messageId === null) return false;
  await messages.put([{ message: { ...message, messageId, content: {} }, steps: [] }]);
  await messages.recall({ conversationId, messageId }, clock.now(), nodeId);
  await sessions.recall(conversationId, messageId, from, clock.now(), silenced);
  await publisher.publish(SEARCH_TOPIC, conversationId, { messages: [{ conversationId, messageId }] });
  return true;
}

/** The id under which inboxes have the message; null where they cannot, or have another message of that `clientMessageId`. */
async function recordedId(sessions: BusinessContext['sessions'], message: Message): Promise<string | null> {
  try {
    const [outcome] = await sessions.record([message]);
    return outcome === undefined || outcome.result === 'conflict' ? null : outcome.messageId;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return null;
  }
}

function errorFrame(ref: string | undefined): string {
  const frame: ServerFrame = {
    type: 'error',
    code: 'unprocessable',
    message: 'the server can never handle this; it was set aside to be looked at',
    retry: 'never',
    ...defined({ ref }),
  };
  return encodeServerFrame(frame);
}
