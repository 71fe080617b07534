import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { Mentions, MessageContent, MessageKind } from './message.ts';
import type { MessageId } from './message-id.ts';

/** What each type of server event tells, by its type. Times are Unix ms. docs/webhooks.md shows an example of each. */
export interface ServerEventData {
  /** A message is stored: it has its final id, and its addressees find it in their logs. */
  'message.stored': {
    messageId: MessageId;
    conversationId: ConversationId;
    from: UserId;
    clientMessageId: string;
    kind: MessageKind;
    content: MessageContent;
    mentions?: Mentions;
    sentAt: number;
  };
  /** Asked for by an operator, for one endpoint alone. */
  'webhook.test': { endpointId: string };
}

export type ServerEventType = keyof ServerEventData;

/** What endpoints can ask for. */
export const SERVER_EVENT_TYPES = ['message.stored'] as const satisfies readonly ServerEventType[];

/** Something that happened on this server, for the host application. */
export type ServerEvent<Type extends ServerEventType = ServerEventType> = {
  [T in Type]: {
    /** The same fact has the same id, however often it is published: 1–255 visible ASCII characters. */
    id: string;
    type: T;
    /** Events with the same key are in order: a conversation's or a user's id. */
    key: string;
    /** Unix ms at which it happened. */
    at: number;
    data: ServerEventData[T];
  };
}[Type];

/** The JSON text of an event, as a receiver gets it. Source: Standard Webhooks, section "Payload structure". */
export function eventBody({ id, type, key, at, data }: ServerEvent): string {
  return JSON.stringify({ id, type, timestamp: new Date(at).toISOString(), key, data });
}
