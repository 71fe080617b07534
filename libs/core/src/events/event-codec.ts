import {
  ACTION_NAMES,
  type ActionEvent,
  type ActionName,
  type AddressCheck,
  type Audience,
  addresseesOf,
  type ContentDigests,
  type ConversationEvent,
  contentDigests,
  type EncodedMessage,
  encodeMessage,
  type Message,
  type MessageEvent,
  type MessageValue,
  maySee,
  messageOf,
  type PushTask,
  recipientOf,
  type SearchEvent,
} from '@chasqui/domain';

/** What is published on any topic. */
export type BusEvent = ConversationEvent | SearchEvent | PushTask | AddressCheck;

/**
 * A message event as the bus has it. `message` is the text of the message as it was accepted, and stands last, so that it can be
 * cut out and need not be made again: no field before it may hold an object. Events of releases up to 0.1 have neither audience
 * nor digests, and their fields in any order.
 */
export type MessageEventValue = Omit<MessageEvent, 'encoded' | 'digests'> & {
  audience?: Audience;
  digests?: ContentDigests;
  message: Omit<MessageValue, 'audience'>;
};

/** An action as the bus has it: each is an event type of its own. Releases up to 0.1 know one of them, the recall. */
export type ActionEventValue<Name extends ActionName = ActionName> = Omit<ActionEvent, 'type' | 'action'> & {
  type: Name;
};

export type ConversationEventValue =
  | Exclude<ConversationEvent, MessageEvent | ActionEvent>
  | MessageEventValue
  | ActionEventValue;

const MESSAGE_FIELD = ',"message":';
/**
 * What release 0.1 must find in a message that its addressee never gets. It stands in the event alone, not in the message's text.
 */
const FORMER_SILENCED = ',"silenced":true}';

/** The event as one line of JSON. Errors: a `RangeError` for one that nests too deep to be written. */
export function encodeEvent(event: BusEvent): string {
  if ('encoded' in event) return encodeMessageEvent(event);
  if ('action' in event) {
    const { action, ...rest } = event;
    return JSON.stringify({ ...rest, type: action } satisfies ActionEventValue);
  }
  return JSON.stringify(event);
}

function encodeMessageEvent({ encoded: { message, text }, ...rest }: MessageEvent): string {
  const head = JSON.stringify({ ...rest, audience: message.audience });
  const isForAll = addresseesOf(message).every((member) => maySee(message, member));
  return `${head.slice(0, -1)}${MESSAGE_FIELD}${isForAll ? text : text.slice(0, -1) + FORMER_SILENCED}}`;
}

/** The event of a sound value from the bus. `text`: its JSON text, of which that of a message is a part. */
export function decodeConversationEvent(value: ConversationEventValue, text: () => string): ConversationEvent {
  if (value.type === 'message') return decodeMessageEvent(value, text);
  if (isAction(value)) return { ...value, type: 'action', action: value.type };
  return value;
}

function isAction(value: ConversationEventValue): value is ActionEventValue {
  return ACTION_NAMES.some((name) => name === value.type);
}

function decodeMessageEvent(value: MessageEventValue, eventText: () => string): MessageEvent {
  const { message: fields, audience, digests, ...rest } = value;
  const message = messageOf(fields, audience);
  const text = audience === undefined ? undefined : textOf(value, eventText());
  return {
    ...rest,
    encoded: text === undefined ? encodedLater(message) : { message, text },
    digests: digests ?? contentDigests({ ...message, to: recipientOf(message).to ?? message.conversationId }),
  };
}

/** Its text is made when it is asked for: one that nests too deep to be written then fails in its handler, and its sender is told. */
function encodedLater(message: Message): EncodedMessage {
  return {
    message,
    get text() {
      return encodeMessage(message).text;
    },
  };
}

/** The message's text as it stands in the event's; undefined where it must be made anew. */
function textOf(value: MessageEventValue, text: string): string | undefined {
  const at = text.indexOf(MESSAGE_FIELD);
  if (at === -1 || Object.keys(value).at(-1) !== 'message') return undefined;
  const own = text.slice(at + MESSAGE_FIELD.length, -1);
  if (value.message.silenced === undefined) return own;
  return own.endsWith(FORMER_SILENCED) ? `${own.slice(0, -FORMER_SILENCED.length)}}` : undefined;
}
