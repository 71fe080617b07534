import { type RoutedDelivery, storedChatFrame } from '@chasqui/core';
import {
  defined,
  groupLog,
  groupOf,
  inboxOf,
  logOf,
  type Message,
  type MessageEvent,
  type MessageId,
  type Position,
  positionIn,
  receiversOf,
  toldRefusal,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import type { StoredInGroup } from './group-news.ts';
import { retractFrame } from './retract-frame.ts';
import { toLog } from './to-log.ts';

/** A message event and the outcome of recording its message. */
export interface HandledMessage<Outcome = RecordOutcome> {
  event: MessageEvent;
  outcome: Outcome;
  /** See `BusDelivery.redelivered`. */
  redelivered: boolean;
  /** The parent span of all further work on the message. */
  trace: string | undefined;
}

type Recorded = Extract<RecordOutcome, { places: unknown }>;
export type RecordedMessage = HandledMessage<Recorded>;

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
  return 'places' in one.outcome;
}

export function isInGroup({ event }: Pick<HandledMessage, 'event'>): boolean {
  const [log = ''] = event.encoded.message.audience;
  return groupOf(log) !== null;
}

/** The news for everybody concerned. The sender's session is first, so that its ack waits for nobody. */
export function newsOf(one: HandledMessage): MessageNews[] {
  if (!isRecorded(one)) return refusedNews(one);
  // The group itself is told of many messages together.
  return isInGroup(one) ? [toSession(one, ackFrame(one))] : recordedNews(one);
}

/** Its session gets an error, and devices that showed it live take it back. */
function refusedNews(one: HandledMessage): MessageNews[] {
  if (one.event.unpushed === true) return [toSession(one, errorFrame(one))];
  const { message } = one.event.encoded;
  const { from, audience } = message;
  const frame = retractFrame(message);
  return [
    toSession(one, errorFrame(one)),
    ...audience.filter((log) => log !== inboxOf(from)).map((log) => toLog(log, from, frame)),
    new ToOtherDevices(one, frame),
  ];
}

function recordedNews(one: RecordedMessage): MessageNews[] {
  const { message } = one.event.encoded;
  const { places } = one.outcome;
  const news: MessageNews[] = [
    toSession(one, ackFrame(one)),
    new ToOtherDevices(one, storedFrame(one, positionIn(places, inboxOf(message.from)))),
  ];
  const { from } = message;
  for (const userId of receiversOf({ from, audience: places.map(({ log }) => log) })) news.push(arrival(one, userId));
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

/**
 * Most senders have no other device: the frame is encoded for those who have. A class, as a getter in an object literal
 * costs more than the frame.
 */
class ToOtherDevices implements MessageNews {
  readonly userId: UserId;
  readonly exceptSession: string;
  readonly #frame: ServerFrame;

  constructor({ event }: HandledMessage, frame: ServerFrame) {
    this.userId = event.encoded.message.from;
    this.exceptSession = event.sessionId;
    this.#frame = frame;
  }

  get frame(): string {
    return encodeServerFrame(this.#frame);
  }
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

function ackFrame(one: RecordedMessage): ServerFrame {
  const { clientMessageId, conversationId, from } = one.event.encoded.message;
  const { messageId, places } = one.outcome;
  return {
    type: 'server_ack',
    clientMessageId,
    messageId,
    conversationId,
    position: positionIn(places, logOf(conversationId, from)),
    ...replaced(one),
  };
}

function storedFrame(one: RecordedMessage, position: Position): ServerFrame {
  const { conversationId } = one.event.encoded.message;
  return { type: 'stored', messageId: one.outcome.messageId, conversationId, position, ...replaced(one) };
}

/**
 * The place of a message in its group's log. What no node pushed is pushed when it is recorded, never as a copy: the log
 * has brought it, or will.
 */
export function storedInGroup(one: RecordedMessage): StoredInGroup {
  const { conversationId, from } = one.event.encoded.message;
  const { messageId, places, result } = one.outcome;
  const position = positionIn(places, logOf(conversationId, from));
  const stored: StoredInGroup = { from, messageId, position, ...replaced(one) };
  if (one.event.unpushed === true && result === 'recorded') stored.push = shownInGroup(one, position);
  return stored;
}

function shownInGroup(one: RecordedMessage, position: Position): RoutedDelivery {
  const message = recordedAs(one);
  const frame = storedChatFrame({ ...message, statuses: {}, revision: 0, steps: [] }, position);
  const delivery = toLog(groupLog(message.conversationId), message.from, frame);
  return { ...delivery, exceptSession: one.event.sessionId, ...defined({ traceparent: one.trace }) };
}

function errorFrame({ event, outcome }: HandledMessage): ServerFrame {
  const { clientMessageId: ref, from } = event.encoded.message;
  if (outcome.result === 'refused') {
    return { type: 'error', retry: 'never', ...toldRefusal(outcome.reason, from), ref };
  }
  return {
    type: 'error',
    code: 'client_message_id_reused',
    retry: 'never',
    field: 'clientMessageId',
    message: 'this clientMessageId was already used for other content or another receiver',
    ref,
  };
}
