import type { ServerEvent, ServerEventData, ServerEventType } from '@chasqui/domain';
import Type, { type TSchema } from 'typebox';
import { content, envelope, mentions, messageId, schemaOf, text, time } from '../events/event-fields.ts';

/** What the `data` of each type of server event has. Receivers must bear further fields. */
export const SERVER_EVENT_DATA = {
  'message.stored': schemaOf<ServerEventData['message.stored']>()(
    Type.Object({
      messageId,
      conversationId: text,
      from: text,
      clientMessageId: text,
      kind: Type.Unsafe<ServerEventData['message.stored']['kind']>(text),
      content,
      mentions: Type.Optional(mentions),
      sentAt: time,
    }),
  ),
  'webhook.test': schemaOf<ServerEventData['webhook.test']>()(Type.Object({ endpointId: text })),
} satisfies { [T in ServerEventType]: TSchema };

/** The bus form of each type. */
export const SERVER_EVENTS = Object.entries(SERVER_EVENT_DATA).map(([type, data]) => {
  const properties = { ...envelope(1), id: text, type: Type.Literal(type), key: text, at: time, data };
  return { type: type as ServerEvent['type'], schema: Type.Object(properties) };
});
