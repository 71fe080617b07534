import { eventBody, SERVER_EVENT_TYPES, type ServerEvent } from '@chasqui/domain';
import Type, { type Static } from 'typebox';

export const ServerEventBody = Type.Object(
  {
    id: Type.String(),
    type: Type.String({ enum: [...SERVER_EVENT_TYPES, 'webhook.test'] }),
    timestamp: Type.String({ description: 'When it happened.' }),
    key: Type.String({ description: 'Events with the same key are in order.' }),
    data: Type.Unknown({ description: 'What happened, by type.' }),
  },
  { description: 'A server event, as webhook endpoints get it.' },
);

export function bodyOf(event: ServerEvent): Static<typeof ServerEventBody> {
  return JSON.parse(eventBody(event)) as Static<typeof ServerEventBody>;
}
