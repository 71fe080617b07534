import type { RoutedDelivery } from '@chasqui/core';
import {
  inboxOf,
  type Message,
  type MessageEvent,
  type MessageId,
  type Position,
  positionIn,
  receiversOf,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import { retractFrame } from './retract-frame.ts';

/** A message event and the outcome of recording its message. */
export interface HandledMessage<Outcome = RecordOutcome> {
  event: MessageEvent;
  outcome: Outcome;
  /** See `BusDelivery.redelivered`. */
  redelivered: boolean;
  /** The parent span of all further work on the message. */
  trace: string | undefined;
}

type Conflict = HandledMessage<Extract<RecordOutcome, { result: 'conflict' }>>;
export type RecordedMessage = HandledMessage<Exclude<RecordOutcome, { result: 'conflict' }>>;

/** What one user's sockets are told about a message. */
export interface MessageNews extends RoutedDelivery {
  /** Set if the news is for a receiver whose inbox has the message. */
  arrived?: Arrival;
}

/** A message that a receiver's inbox has. */
export interface Arrival {
  one: RecordedMessage;
  position: Position;
  /** The nodes whose sockets took the news. */
  nodeIds: string[];
}

export function isRecorded(one: HandledMessage): one is RecordedMessage {
  return one.outcome.result !== 'conflict';
}

/** The news for everybody concerned. The sender's session is first, so that its ack waits for nobody. */
export function newsOf(one: HandledMessage): MessageNews[] {
  return isRecorded(one) ? recordedNews(one) : conflictNews(one as Conflict);
}

/**
 * The same clientMessageId with other content: its session gets an error, and devices that showed it live take it back.
 */
function conflictNews(one: Conflict): MessageNews[] {
  const { message } = one.event.encoded;
  return [
    toSession(one, conflictFrame(message)),
    ...receiversOf(message).map((userId) => retracted(message, userId)),
    toOtherDevices(one, retractFrame(message)),
  ];
}

function recordedNews(one: RecordedMessage): MessageNews[] {
  const { message } = one.event.encoded;
  const { places } = one.outcome;
  const news = [
    toSession(one, ackFrame(one, message)),
    toOtherDevices(one, storedFrame(one, positionIn(places, inboxOf(message.from)))),
  ];
  for (const userId of receiversOf(recordedAs(one))) news.push(arrival(one, userId));
  // A receiver without a position, now and at the first copy, may have seen this copy live: it was sent after the block
  // that the first copy met had been lifted.
  for (const userId of receiversOf(message)) {
    if (positionIn(places, inboxOf(userId)) === 0) news.push(retracted(message, userId));
  }
  return news;
}

/** *stored*, with the position in the receiver's inbox. */
function arrival(one: RecordedMessage, userId: UserId): MessageNews {
  const { messageId, places } = one.outcome;
  const { conversationId } = one.event.encoded.message;
  const position = positionIn(places, inboxOf(userId));
  const nodeIds: string[] = [];
  return {
    userId,
    frame: encodeServerFrame(storedFrame(one, position)),
    watch: { messageId, conversationId },
    takenBy: nodeIds,
    traceparent: one.trace,
    arrived: { one, position, nodeIds },
  };
}

function toSession({ event, trace }: HandledMessage, frame: ServerFrame): MessageNews {
  const { nodeId, sessionId, encoded } = event;
  const userId = encoded.message.from;
  return { userId, nodeId, onlySession: sessionId, traceparent: trace, frame: encodeServerFrame(frame) };
}

/** Most senders have no other device: the frame is encoded for those who have. */
function toOtherDevices({ event }: HandledMessage, frame: ServerFrame): MessageNews {
  return {
    userId: event.encoded.message.from,
    exceptSession: event.sessionId,
    get frame() {
      return encodeServerFrame(frame);
    },
  };
}

function retracted(message: Message, userId: UserId): MessageNews {
  return { userId, frame: encodeServerFrame(retractFrame(message)) };
}

/** The message as it is stored: its first copy may have had another id and another audience. */
export function recordedAs({ event, outcome }: RecordedMessage): Message {
  const { message } = event.encoded;
  return { ...message, messageId: outcome.messageId, audience: outcome.places.map(({ log }) => log) };
}

function replaced({ event, outcome }: RecordedMessage): { replaces?: MessageId } {
  const { messageId } = event.encoded.message;
  return outcome.messageId === messageId ? {} : { replaces: messageId };
}

function ackFrame(one: RecordedMessage, { clientMessageId, conversationId, from }: Message): ServerFrame {
  const { messageId, places } = one.outcome;
  return {
    type: 'server_ack',
    clientMessageId,
    messageId,
    conversationId,
    position: positionIn(places, inboxOf(from)),
    ...replaced(one),
  };
}

function storedFrame(one: RecordedMessage, position: Position): ServerFrame {
  const { conversationId } = one.event.encoded.message;
  return { type: 'stored', messageId: one.outcome.messageId, conversationId, position, ...replaced(one) };
}

function conflictFrame({ clientMessageId }: Message): ServerFrame {
  return {
    type: 'error',
    code: 'client_message_id_reused',
    retry: 'never',
    field: 'clientMessageId',
    message: 'this clientMessageId was already used for other content or another receiver',
    ref: clientMessageId,
  };
}
