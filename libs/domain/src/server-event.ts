import type { ServerEventData, ServerEventType } from './server-event-data.ts';

/** What endpoints can ask for. */
export const SERVER_EVENT_TYPES = [
  'message.stored',
  'message.action',
  'message.reaction',
  'receipt.delivered',
  'receipt.read',
  'group.changed',
  'membership.changed',
  'user.changed',
  'user.online',
  'user.offline',
  'push.outcome',
] as const satisfies readonly ServerEventType[];

/** Something that happened on this server, for the host application. */
export type ServerEvent<Type extends ServerEventType = ServerEventType> = {
  [T in Type]: {
    /** The same fact has the same id, however often it is published: 1–255 visible ASCII characters. */
    id: string;
    /** As in `EventEnvelope`. */
    v?: number;
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
