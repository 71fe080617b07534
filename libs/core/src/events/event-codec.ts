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
  type GroupPlan,
  type Message,
  type MessageEvent,
  type MessageValue,
  maySee,
  messageOf,
  type PushTask,
  recipientOf,
  type SearchEvent,
  type ServerEvent,
} from '@chasqui/domain';

/** Every event type, of all topics. */
export type BusEvent = ConversationEvent | SearchEvent | PushTask | AddressCheck | GroupPlan | ServerEvent;

/**
 * The bus form of a message event. `message` is the text made when the message was accepted. It is the last field, so
 * that it can be cut out instead of made again; therefore no field before it may be an object. Events of releases up to
 * 0.1 have neither audience nor digests, and their fields are in any order.
 */
export type MessageEventValue = Omit<MessageEvent, 'encoded' | 'digests'> & {
  audience?: Audience;
  digests?: ContentDigests;
  message: Omit<MessageValue, 'audience' | 'recalledBy' | 'editedAt' | 'editIds' | 'versions'>;
};

/** The bus form of an action: each action has an event type of its own. Releases up to 0.1 know only the recall. */
export type ActionEventValue<Name extends ActionName = ActionName> = {
  [N in Name]: Omit<ActionEvent<N>, 'type' | 'action'> & { type: N };
}[Name];

export type ConversationEventValue =
  | Exclude<ConversationEvent, MessageEvent | ActionEvent>
  | MessageEventValue
  | ActionEventValue;

const MESSAGE_FIELD = ',"message":';
/** Tells release 0.1 that the addressee must never get the message. Only in the event, not in the message's text. */
const FORMER_SILENCED = ',"silenced":true}';

/** The event as one line of JSON. Errors: a `RangeError` for an event that nests too deep to be serialised. */
export function encodeEvent(event: BusEvent): string {
  if ('encoded' in event) return encodeMessageEvent(event);
  if ('action' in event) {
    const { action, ...rest } = event;
    return JSON.stringify({ ...rest, type: action } as ActionEventValue);
  }
  return JSON.stringify(event);
}

function encodeMessageEvent({ encoded: { message, text }, ...rest }: MessageEvent): string {
  const head = JSON.stringify({ ...rest, audience: message.audience });
  const isForAll = addresseesOf(message).every((member) => maySee(message, member));
  return `${head.slice(0, -1)}${MESSAGE_FIELD}${isForAll ? text : text.slice(0, -1) + FORMER_SILENCED}}`;
}

/** Decodes a sound value from the bus. `text`: its JSON text, which contains the text of a message. */
export function decodeConversationEvent(value: ConversationEventValue, text: () => string): ConversationEvent {
  if (value.type === 'message') return decodeMessageEvent(value, text);
  if (isAction(value)) return { ...value, type: 'action', action: value.type } as ActionEvent;
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

/**
 * The text is made on first use: if the message nests too deep to be serialised, its handler fails and the sender is
 * notified.
 */
function encodedLater(message: Message): EncodedMessage {
  return {
    message,
    get text() {
      return encodeMessage(message).text;
    },
  };
}

/** The message's text, cut out of the event's text; undefined if it must be made again. */
function textOf(value: MessageEventValue, text: string): string | undefined {
  const at = text.indexOf(MESSAGE_FIELD);
  if (at === -1 || Object.keys(value).at(-1) !== 'message') return undefined;
  const own = text.slice(at + MESSAGE_FIELD.length, -1);
  if (value.message.silenced === undefined) return own;
  return own.endsWith(FORMER_SILENCED) ? `${own.slice(0, -FORMER_SILENCED.length)}}` : undefined;
}
